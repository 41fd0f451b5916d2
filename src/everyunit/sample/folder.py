"""The output folder of a sample: what may be there, and its files, written as the clinics' years arrive."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from everyunit.days import iso
from everyunit.errors import UsageError
from everyunit.sample import house, market, rows
from everyunit.sample.clinic_year import ClinicYear, Transaction
from everyunit.x12 import write_answers, write_claims, write_remits
from everyunit.x12.writer import Interchange

HEADS = {
    "visits.csv": rows.VISITS,
    "services.csv": rows.SERVICES,
    "notes.jsonl": "",
    "plans.csv": rows.PLANS,
    "authorizations.csv": rows.AUTHORIZATIONS,
    "deposits.csv": rows.DEPOSITS,
    "truth.csv": rows.TRUTH,
    "truth_notes.csv": rows.TRUTH,
    "truth_payments.csv": rows.TRUTH_PAYMENTS,
}
TOML = "practice.toml"
MARK = "# A make-believe practice, made by `everyunit sample`."


def prepare(out: Path) -> None:
    """Make the folder, or clear an older sample out of it.

    Raises UsageError when it holds anything that `everyunit sample` did not make.
    """
    if out.exists() and not out.is_dir():
        raise UsageError(f"{out} is a file.", remedy="Name a folder.")
    found = sorted(path for path in out.rglob("*") if not path.is_dir()) if out.exists() else []
    if found and not _ours(out, found):
        raise UsageError(
            f"{out} is not empty and holds no earlier sample.", remedy="Name a new folder; nothing was changed."
        )
    try:
        for path in found:
            path.unlink()
        for folder in (out / "claims", out / "remits", out / "answers"):
            folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(
            f"{out} cannot be written ({error.strerror}).", remedy="Name a folder of your own."
        ) from error


def _ours(out: Path, found: list[Path]) -> bool:
    toml = out / TOML
    if not toml.is_file() or not toml.read_text(errors="replace").startswith(MARK):
        return False
    names = {*HEADS, TOML, *(one.fee_file for one in market.PAYERS)}
    suffixes = {"claims": (".837",), "remits": (".835",), "answers": (".277", ".999")}
    for path in found:
        inside = path.relative_to(out)
        own = str(inside) in names or (len(inside.parts) == 2 and inside.suffix in suffixes.get(inside.parts[0], ()))
        if not own:
            return False
    return True


class SampleFolder:
    """Files that grow by one clinic's year at a time; closing it writes the trailers and practice.toml."""

    def __init__(self, out: Path) -> None:
        prepare(out)
        self.out = out
        # practice.toml marks the folder as a sample from the start, so that a run cut short can be run again.
        (out / TOML).write_text(MARK + "\n", encoding="utf-8", newline="\n")
        self.open: dict[str, BinaryIO] = {}
        self.weeks: dict[tuple[str, int], Interchange] = {}
        self.clinics: list[str] = []
        for name, head in HEADS.items():
            self.open[name] = (out / name).open("wb")
            self.open[name].write(head.encode())

    def __enter__(self) -> SampleFolder:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for interchange in self.weeks.values():
            interchange.close()
        for file in self.open.values():
            file.close()
        if error is None:
            self._practice()

    def add(self, year: ClinicYear) -> None:
        """Append one clinic's year to every file."""
        parts = {
            "visits.csv": year.visits, "services.csv": year.services, "notes.jsonl": year.notes,
            "plans.csv": year.plans, "authorizations.csv": year.authorizations, "deposits.csv": year.deposits,
            "truth.csv": year.truth, "truth_notes.csv": year.note_truth, "truth_payments.csv": year.payments,
        }  # fmt: skip
        for name, text in parts.items():
            self.open[name].write(text.encode())
        for one in year.claims:
            self._week("claims", one).add("837", one.body, one.segments)
        for one in year.remits:
            self._week("remits", one).add("835", one.body, one.segments)
        for said in year.answers:
            self._answers(said.kind, said.day).add(said.kind, said.body, said.segments)
        place = year.clinic.place
        name = year.clinic.name
        self.clinics.append(f'[clinics."{name}"]\nmac = "{place.mac}"\nlocality = "{place.locality}"\n')

    def _week(self, folder: str, one: Transaction) -> Interchange:
        key = (folder, one.friday)
        if key not in self.weeks:
            claims = folder == "claims"
            path = f"{folder}/{iso(one.friday)}.{'837' if claims else '835'}"
            self.open[path] = (self.out / path).open("wb")
            ends = ("EVERYUNITSAMPLE", "MAKEBELIEVE") if claims else ("MAKEBELIEVE", "EVERYUNITSAMPLE")
            self.weeks[key] = Interchange(
                self.open[path], function="HC" if claims else "HP", sender=ends[0], receiver=ends[1], day=one.friday,
                version=write_claims.VERSION if claims else write_remits.VERSION,
                control=house.control(one.friday) + (0 if claims else 1),
            )  # fmt: skip
        return self.weeks[key]

    def _answers(self, kind: str, day: int) -> Interchange:
        key = (kind, day)
        if key not in self.weeks:
            path = f"answers/{iso(day)}.{kind}"
            self.open[path] = (self.out / path).open("wb")
            self.weeks[key] = Interchange(
                self.open[path], function="HN" if kind == "277" else "FA", sender="MAKEBELIEVE",
                receiver="EVERYUNITSAMPLE", day=day, control=day * 10 + (3 if kind == "277" else 4),
                version=write_answers.STATUS_VERSION if kind == "277" else write_answers.FILE_VERSION,
            )  # fmt: skip
        return self.weeks[key]

    def _practice(self) -> None:
        """practice.toml and the fee tables it names."""
        parts = [MARK + "\n# Nobody in it exists; the fees are invented, except Medicare's.\n"]
        for payer in market.PAYERS:
            fees = "medicare" if payer.medicare_fees else payer.fee_file
            limit = f"filing_days = {payer.filing_days}\n" if payer.filing_days else ""
            parts.append(
                f'[payers.{payer.id}]\nname = "{payer.name}"\nrule = "{payer.rule}"\nfees = "{fees}"\n{limit}'
            )
            if not payer.medicare_fees:
                (self.out / payer.fee_file).write_text(market.fee_csv(payer), encoding="utf-8", newline="\n")
        (self.out / TOML).write_text("\n".join(parts + self.clinics), encoding="utf-8", newline="\n")
