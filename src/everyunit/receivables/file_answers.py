"""What became of the files that claims were sent in: TA1 answers an interchange, 999 a group and its parts."""

from __future__ import annotations

from typing import Any

import polars as pl

from everyunit.frames import polars

SEND = ["source_id", "claim"]
_TX = ["source_id", "transaction"]
REFUSED = ("R", "M", "W", "X")
_KEYS = {
    "transaction": ["group_control", "control_number"],
    "group": ["group_control"],
    "interchange": ["interchange_control"],
}
_KEPT = ("file_level", "file_day", "file_codes", "refused", "file_status", "kind", "answer_source", "answer_segment")


def file_answers(exchanged: Any, latest: pl.DataFrame, statuses: pl.DataFrame, day: int | None) -> pl.DataFrame:
    """Of each sending: file (taken or refused), file_level, file_day, file_codes and, where refused, file_words.

    A group answered twice keeps its last answer; where transaction and group speak, the refusal counts. A number that
    several files bear goes to the one made last before the answer.
    """
    given = _dated(exchanged, day)
    sent = latest.select(*_TX, "group_control", "control_number", "interchange_control", "sent_day").unique(_TX)
    parts = []
    for level, keys in _KEYS.items():
        own = _bare(given.filter(pl.col("level") == level), keys).select(*keys, *_KEPT, "answered_sending")
        met = _bare(sent, keys).join(own, on=keys).filter((pl.col("file_day") >= pl.col("sent_day")).fill_null(True))
        if level == "interchange":
            met = met.filter((pl.col("answered_sending") - pl.col("sent_day")).abs().fill_null(0) <= 1)
        nearest = pl.col("sent_day") == pl.col("sent_day").max().over("answer_source", "answer_segment")
        parts.append(met.filter(nearest.fill_null(True)).select(*_TX, *_KEPT))
    every = pl.concat(parts).sort("refused", "file_day", "answer_segment")
    last = every.unique(_TX, keep="last", maintain_order=True)
    return _worded(last, latest, exchanged, statuses)


def _bare(frame: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """Control numbers without leading zeros, which houses drop."""
    return frame.with_columns(pl.col(key).str.strip_chars_start("0") for key in keys)


def _dated(exchanged: Any, day: int | None) -> pl.DataFrame:
    """The answers with the day they were made (that of the sending for a TA1, which bears no other)."""
    made = exchanged.transactions.select(*_TX, "created_day", "kind")
    every = exchanged.acknowledgements.join(made, on=_TX, how="left").with_columns(
        file_day=pl.coalesce("created_day", "sent_day")
    )
    known = every.filter((pl.col("file_day") <= day).fill_null(True)).select(
        "level", "control_number", "group_control", interchange_control="control_number",
        answered_sending="sent_day", file_level="level",
        file_day="file_day", file_codes="codes", file_status="status",
        refused=pl.col("status").is_in(REFUSED).fill_null(False), kind=pl.col("kind").fill_null("TA1"),
        answer_source="source_id", answer_segment="segment",
    )  # fmt: skip
    frame: pl.DataFrame = known.pipe(polars)
    return frame


def _worded(last: pl.DataFrame, latest: pl.DataFrame, exchanged: Any, statuses: pl.DataFrame) -> pl.DataFrame:
    """One row a sending; a refusal names the faults that the 999 found, those of the claim itself before others."""
    rows = latest.select(*SEND, "transaction", "claim_id").join(last, on=_TX)
    faults = exchanged.acknowledgement_errors.pipe(polars).with_columns(
        codes_of=pl.col("level"), answer_source="source_id"
    )
    for kind in ("segment", "element"):
        own = statuses.filter(pl.col("list") == kind).select(code="code", **{f"{kind}_label": "label"})
        faults = faults.join(own, on="code", how="left", maintain_order="left")
    label = pl.when(pl.col("codes_of") == "segment").then("segment_label").otherwise("element_label")
    where = (
        pl.when(pl.col("codes_of") == "element")
        .then(
            pl.format(
                "{} element {} at place {}", pl.col("tag").fill_null("?"), pl.col("element").fill_null("?"), "place"
            )
        )
        .otherwise(pl.format("{} at place {}", pl.col("tag").fill_null("?"), pl.col("place").cast(pl.String)))
    )
    said = pl.format("{}: {}", where, pl.coalesce(label, pl.format("code {}", pl.col("code").fill_null("?"))))
    found = faults.with_columns(said=said).select(
        "answer_source", "said", answer_segment="answer", fault_claim="claim_id"
    )
    each = rows.filter("refused").join(
        found, on=["answer_source", "answer_segment"], how="left", maintain_order="left"
    )
    inside = (pl.col("fault_claim") == pl.col("claim_id")).fill_null(False)
    summed = each.group_by(SEND, maintain_order=True).agg(
        pl.col("said").filter(inside).str.join("; ").alias("own"),
        pl.col("said").filter(~inside).drop_nulls().first().alias("other"),
    )
    codes = statuses.filter(pl.col("list") == "transaction").select(file_codes="code", set_label="label")
    joined = rows.join(summed, on=SEND, how="left", maintain_order="left").join(codes, on="file_codes", how="left")
    what = pl.format(
        "The whole {} was refused ({}: {}{}), so no payer saw the claim.", "file_level", "kind",
        pl.col("file_status").fill_null("?"), pl.coalesce(pl.format(" {}", "file_codes"), pl.lit("")),
    )  # fmt: skip
    mine = pl.when(pl.col("own").fill_null("") != "").then(pl.format(" The fault is in it: {}.", "own"))
    other = pl.when(pl.col("other").is_not_null()).then(pl.format(" The fault that is named: {}.", "other"))
    words = pl.concat_str(what, pl.coalesce(mine, other, pl.lit("")))
    return joined.select(
        *SEND, "file_level", "file_day", "file_codes",
        file=pl.when("refused").then(pl.lit("refused")).otherwise(pl.lit("taken")),
        file_words=pl.when("refused").then(words),
    )  # fmt: skip
