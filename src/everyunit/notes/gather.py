"""Blocks of treatment: content joined to its heading, evidence weighed, words that do not count set aside."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import replace

from everyunit.notes.block import (
    EVALUATIONS,
    Block,
    Gathered,
    completes,
    give_minutes,
    is_item,
    names_service,
    opens_evaluation,
    other_minutes,
    weighed,
)
from everyunit.notes.blocks import Piece, content_words, cut
from everyunit.notes.groups import in_group
from everyunit.notes.heads import DEVICES
from everyunit.notes.layout import Sentence
from everyunit.notes.lexicon import Hit
from everyunit.notes.parsed import Parsed
from everyunit.notes.reading import SetAside
from everyunit.notes.stretches import (
    dosed,
    is_away,
    is_cue,
    is_length,
    is_measure,
    is_purpose,
    is_table_head,
    opens_session,
    own_content,
)
from everyunit.notes.talk import HOME_PROGRAM, changes_home_program, heading_stands, is_left_off, is_talk
from everyunit.notes.times import Amount
from everyunit.notes.weigh import Weighed

OPEN = ("done", "open")
MENDED = ("said", "judged", "fact")
LEAST, STRONG, ALONE = 1.5, 3.0, 6.0
FAR, NEXT_TO, LOGGED = 40, 3, 3
NAMED_WITHIN = 24
WOUND = ("97597", "97602")


def gather(parsed: Parsed) -> Gathered:
    """Every block of today's treatment, in order."""
    return _Gatherer(parsed).run()


class _Gatherer:
    def __init__(self, parsed: Parsed) -> None:
        self.parsed = parsed
        self.found = Gathered()
        self.current: Block | None = None

    def run(self) -> Gathered:
        for sentence in self.parsed.sentences:
            hits = self.parsed.within(sentence.start, sentence.end)
            times = [amount for amount in self.parsed.times if sentence.start <= amount.start < sentence.end]
            if sentence.fresh and self.current and not self.current.waiting:
                self.current = None
            if sentence.section in OPEN or self._treats(sentence, hits, times):
                told = self._without_refused(replace(sentence, section="done"), hits, times)
                for piece in cut(told, self.parsed.text, *self._between(told, hits, times)) if told else []:
                    self._take(piece)
            else:
                self._set_aside(self.parsed.split(sentence, sentence.start, sentence.end)[1])
                self.current = None
        give_minutes(self.found, self.parsed)
        return self.found

    def _without_refused(self, sentence: Sentence, hits: list[Hit], times: list[Amount]) -> Sentence | None:
        """The rest of a sentence whose beginning or end was refused, which is set aside with its minutes."""
        known = self.parsed.refused
        for start, end in known[max(0, bisect_left(known, (sentence.start, 0)) - 1) :][:8]:
            if start < sentence.end and end > sentence.start and (start <= sentence.start or end >= sentence.end):
                if start > sentence.start and end >= sentence.end and self.parsed.text[start - 1] != ";":
                    continue
                low, high = max(start, sentence.start), min(end, sentence.end)
                self._set_aside(self.parsed.split(sentence, low, high)[1], low + NAMED_WITHIN)
                minutes = sum(amount.minutes for amount in times if low <= amount.start < high)
                self.found.lost.append((low, high, minutes, "negation"))
                if low <= sentence.start:
                    self.current = None
                    sentence = replace(sentence, start=high)
                else:
                    sentence = replace(sentence, end=low)
                if not self.parsed.text[sentence.start : sentence.end].strip(" .,;:"):
                    return None
        return sentence

    @staticmethod
    def _between(sentence: Sentence, hits: list[Hit], times: list[Amount]) -> tuple[list[Hit], list[Amount]]:
        low, high = sentence.start, sentence.end
        return [h for h in hits if low <= h.start < high], [a for a in times if low <= a.start < high]

    def _treats(self, sentence: Sentence, hits: list[Hit], times: list[Amount]) -> bool:
        """Whether a line of another section opens with a service and its minutes: a heading was left out."""
        if sentence.section not in MENDED or sentence.fresh or not times:
            return False
        if sentence.section != "said" and self.parsed.text[sentence.start - 1 : sentence.start] != "\n":
            return False
        pieces = cut(sentence, self.parsed.text, hits, times)
        if sentence.section == "said" and pieces and pieces[0].label not in DEVICES and not pieces[0].heads:
            return False  # what the patient says she did (drove 40 minutes) is a service only under the name of one
        return bool(pieces and pieces[0].label and pieces[0].minutes)

    def _set_aside(self, aside: list[tuple[Hit, str]], named_before: int = 0) -> None:
        """Keep the terms that do not count; those of a refused stretch that open it name the refused service."""
        for hit, reason in aside:
            named = names_service(hit) or (hit.start < named_before and hit.entries[0].kind == "do")
            self.found.aside.append(SetAside(hit.start, hit.end, hit.entries[0].code, reason, named))

    def _take(self, piece: Piece) -> None:
        parsed = self.parsed
        done, aside = parsed.split(piece.sentence, piece.start, piece.end)
        if piece.minutes and aside:
            done, aside = heading_stands(piece, done, aside, parsed)
        self._set_aside(aside)
        if piece.minutes and piece.label not in DEVICES and is_left_off(piece, done, parsed):
            self._set_aside([(hit, "unattended") for hit in done])
            self.found.lost.append((piece.start, piece.end, piece.minutes, "unattended"))
            self.current = None
            return
        if is_purpose(parsed, piece.sentence.start) or is_table_head(parsed.text[piece.start : piece.end]):
            self._add_purpose(piece, done)
            return
        heads = [hit for hit in done if hit.first in piece.heads]
        if piece.label == "97110" and heads and changes_home_program(piece, heads[0], parsed):
            return
        if piece.label and piece.minutes is None and heads == done and any(why == "negation" for _, why in aside):
            self._set_aside([(hit, "negation") for hit in heads])  # all that its heading tells was not done
            done, heads = [], []
        if piece.label and aside and not (heads if piece.heads else done):
            self.found.lost.append((piece.start, piece.end, piece.minutes or 0, aside[0][1]))
            self.current = None
            return
        block = Block(
            piece.start, piece.end, piece.label, piece.minutes, piece.sentence.line, piece.clock, done,
            set(piece.heads),
        )  # fmt: skip
        if piece.label:
            self._labelled(block, piece)
            return
        evidence = weighed(block, parsed)
        if block.minutes and not self.found.blocks and evidence.top() < LEAST and opens_session(parsed, block):
            self._minutes_only(block)
        elif aside and evidence.top() <= STRONG:
            self.found.lost.append((piece.start, piece.end, piece.minutes or 0, aside[0][1]))
        else:
            self._plain(block, evidence, piece)

    def _add_purpose(self, piece: Piece, done: list[Hit]) -> None:
        """A line that only states the purpose belongs to the blocks under its heading, else to the last one."""
        blocks = self.found.blocks
        for block in [other for other in blocks if piece.label and other.label == piece.label] or blocks[-1:]:
            block.hits = block.hits + done

    def _labelled(self, block: Block, piece: Piece) -> None:
        labels = [
            hit.end
            for hit in block.hits
            if hit.start <= piece.body + NEXT_TO and all(entry.kind == "label" for entry in hit.entries)
        ]
        named, own = own_content(self.parsed, block)
        piece.body = max(piece.body, named)
        if not own and block.minutes is None and HOME_PROGRAM.match(self.parsed.text, block.start):
            return
        end = min([piece.end, *(low for low, _ in self.parsed.totals.places if piece.body <= low < piece.end)])
        if (block.label or "").isdigit() and self.parsed.text[piece.start : piece.start + 5] == block.label:
            own = [hit for hit in own if hit.start < end]  # behind the totals nothing belongs to a bare number
        if (
            not own
            and block.label not in DEVICES
            and content_words(self.parsed.words, max([piece.body, *labels]), end) < 2
        ):
            self.found.bare.append(block)
            block.waiting = not self.parsed.has_total(block.start, block.end)
            if not block.waiting and end == piece.end:
                block.minutes = None
            logged = [other for other in self.found.bare[:-1] if other.line == block.line]
            if logged:  # two on one line are a log of times and head nothing
                block.waiting = logged[-1].waiting = False
            self.current = block if block.waiting else None
            return
        self._add(block)

    def _add(self, block: Block) -> None:
        self.found.blocks.append(block)
        self.current = block

    def _plain(self, block: Block, evidence: Weighed, piece: Piece) -> None:
        parsed, current = self.parsed, self.current
        part = block.minutes is None or (current is not None and block.minutes < (current.minutes or 0))
        whole = current is not None and current.waiting and not current.label and block.minutes is not None
        if (
            whole
            and current
            and (current.minutes in (parsed.totals.timed, parsed.totals.total) or opens_session(parsed, current))
        ):
            current = self.current = None  # the length of the session, whose parts follow
        item = is_item(self.parsed, current, block, evidence)
        if current and current.waiting and (part or item) and evidence.top() >= 1:
            self._fill(current, block)
        elif current and item and block.minutes is not None:
            current.append(block)
        elif current and self._evaluates(current, block):
            current.end = block.end
            current.minutes = block.minutes if current.minutes is None else current.minutes
        elif opens_evaluation(block, evidence):
            self._add(block)
        elif is_talk(parsed, block, piece) or (
            parsed.has_total(block.start, block.end) and evidence.top() < ALONE and block.minutes is None
        ):
            if (
                current
                and current.minutes is not None
                and not (current.waiting or current.spans_lines or parsed.discipline == "SLP")
            ):
                self.current = None  # what follows talk is no part of the service before it
            return
        elif block.minutes is not None:
            self._with_minutes(block, evidence, piece)
        elif is_measure(parsed, block.start, block.end) and evidence.top() < ALONE:
            return
        elif is_cue(parsed, block.start, block.end) or evidence.top() < STRONG:
            self._extend_by_cue(block)
        else:
            self._without_minutes(block, evidence)

    def _evaluates(self, current: Block, block: Block) -> bool:
        """Findings after the word evaluation belong to it, until a heading, minutes or exercise with its dose."""
        evaluating = set(EVALUATIONS) & weighed(current, self.parsed).scores.keys()
        return bool(evaluating) and not dosed(self.parsed, block.start, block.end) and not other_minutes(block)

    def _with_minutes(self, block: Block, evidence: Weighed, piece: Piece) -> None:
        words = content_words(self.parsed.words, piece.start, piece.end)
        labels = [entry.code for hit in block.hits for entry in hit.entries if entry.kind == "label"]
        if labels and evidence.top() < LEAST and words <= LOGGED:
            block.label = labels[0]
            self.found.bare.append(block)
        elif evidence.top() < LEAST and not block.clock and (words < 3 or is_length(self.parsed, block)):
            self._minutes_only(block)
        elif (evidence.top() <= STRONG and is_away(self.parsed, block)) or self._completes(block, evidence):
            return
        elif evidence.top() >= LEAST or in_group(self.parsed.text[block.start : block.end], self.parsed.text):
            self._add(block)

    def _completes(self, block: Block, evidence: Weighed) -> bool:
        current = self.current
        if not current or not completes(current, block, evidence, self.parsed):
            return False
        current.end, current.minutes, current.hits = block.end, block.minutes, current.hits + block.hits
        return True

    def _minutes_only(self, block: Block) -> None:
        """Minutes in a sentence of their own belong to the block before, else to what follows."""
        current = self.current
        near = current is not None and (current.waiting or current.spans_lines or current.line == block.line)
        if current and current.minutes is None and near:
            current.minutes = block.minutes
        else:
            block.waiting = True
            self.current = block

    def _extend_by_cue(self, block: Block) -> None:
        current = self.current
        if not current or current.waiting or block.line - current.line > 1:
            return
        cued = self.parsed.cues.any(("SKILL",), block.start, block.end)
        if is_cue(self.parsed, block.start, block.end) or (cued and current.line == block.line):
            current.end = block.end

    def _fill(self, current: Block, block: Block) -> None:
        """Content under a heading on a line of its own."""
        if not any(other is current for other in self.found.blocks):
            self.found.bare = [other for other in self.found.bare if other is not current]
            current.start = block.start
            self.found.blocks.append(current)
            current.spans_lines = True
        current.append(block)
        current.waiting = False

    def _without_minutes(self, block: Block, evidence: Weighed) -> None:
        current, parsed = self.current, self.parsed
        if current and block.line - current.line <= (FAR if current.spans_lines else 0):
            best, own = evidence.best(), weighed(current, parsed).best()
            small = (current.minutes is not None or own in WOUND) and evidence.top() < ALONE
            if best in weighed(current, parsed).supported() or best == current.label or small:
                current.append(block)
                return
        doing = any(entry.kind in ("do", "label") for hit in block.hits for entry in hit.entries)
        elsewhere = any(other.minutes for other in self.found.blocks) or parsed.totals.timed is not None
        if doing and (not elsewhere or dosed(parsed, block.start, block.end) or evidence.top() >= ALONE):
            self._add(block)
