"""Claims and remittances add up to the cent, at every level, and the deposits are what was remitted."""

from __future__ import annotations

from collections import Counter, defaultdict

from sample_plain import Sample, cents, segments


def test_every_claim_is_the_sum_of_its_lines(practice: Sample) -> None:
    assert len(practice.claims) > 3_000
    for claim in practice.claims:
        assert claim["charge"] == sum(line["charge"] for line in claim["lines"])
        assert all(len(line["marks"]) <= 4 for line in claim["lines"]), "a line has four places for modifiers"
        assert claim["lines"] and all(line["charge"] > 0 and line["units"] > 0 for line in claim["lines"])


def test_every_envelope_counts_what_it_holds(practice: Sample) -> None:
    for path in sorted(practice.folder.glob("*/*.83[75]")):
        found = segments(path)
        assert [found[0][0], found[1][0], found[-2][0], found[-1][0]] == ["ISA", "GS", "GE", "IEA"]
        assert len("*".join(found[0])) + 1 == 106
        assert found[0][13] == found[-1][2] and found[1][6] == found[-2][2]
        opened = [at for at, one in enumerate(found) if one[0] == "ST"]
        closed = [at for at, one in enumerate(found) if one[0] == "SE"]
        assert int(found[-2][1]) == len(opened) == len(closed)
        for first, last in zip(opened, closed, strict=True):
            assert int(found[last][1]) == last - first + 1
            assert found[first][2] == found[last][2]


def test_remits_balance_at_line_claim_and_transaction(practice: Sample) -> None:
    assert len(practice.remits) > 300
    for remit in practice.remits:
        assert remit["paid"] == sum(claim["paid"] for claim in remit["claims"]) - remit["withheld"] >= 0
        for claim in remit["claims"]:
            assert claim["charge"] == sum(line["charge"] for line in claim["lines"])
            assert claim["paid"] == sum(line["paid"] for line in claim["lines"])
            shares = sum(cut for line in claim["lines"] for group, _, cut in line["reasons"] if group == "PR")
            assert claim["patient"] == (0 if claim["status"] == "22" else shares)
            for line in claim["lines"]:
                assert line["charge"] - sum(cut for _, _, cut in line["reasons"]) == line["paid"]
                if claim["status"] == "1" and "allowed" in line:
                    assert 0 <= line["paid"] <= line["allowed"] <= line["charge"]


def test_what_payers_do_all_occurs(practice: Sample) -> None:
    statuses = Counter(claim["status"] for remit in practice.remits for claim in remit["claims"])
    assert {"1", "2", "4", "22"} <= set(statuses)
    reasons = {
        (group, reason)
        for remit in practice.remits
        for claim in remit["claims"]
        for line in claim["lines"]
        for group, reason, _ in line["reasons"]
    }
    wanted = {("CO", "45"), ("CO", "59"), ("CO", "253"), ("PR", "1"), ("PR", "2"), ("PR", "3"), ("OA", "23")}
    assert wanted <= reasons
    assert any(remit["withheld"] for remit in practice.remits)
    assert {claim["frequency"] for claim in practice.claims} == {"1", "7"}
    assert {claim["sequence"] for claim in practice.claims} == {"P", "S"}


def test_a_reversal_takes_back_what_was_paid(practice: Sample) -> None:
    by_claim: dict[str, list[dict]] = defaultdict(list)
    for remit in practice.remits:
        for claim in remit["claims"]:
            by_claim[claim["id"]].append(claim)
    reversed_claims = [found for found in by_claim.values() if any(one["status"] == "22" for one in found)]
    assert reversed_claims
    for found in reversed_claims:
        assert [one["status"] for one in found] == ["1", "22", "1"]
        assert found[0]["paid"] == -found[1]["paid"] == found[2]["paid"]


def test_a_replacement_names_the_claim_it_replaces(tidy: Sample) -> None:
    for claim in tidy.claims:
        assert (claim["frequency"] == "7") == ("F8" in claim["references"])
        if claim["frequency"] == "7":
            first = tidy.first[claim["id"]]
            assert [(one["code"], one["units"]) for one in first["lines"]] == [
                (one["code"], one["units"]) for one in claim["lines"]
            ]


def test_every_remittance_reaches_the_bank(tidy: Sample) -> None:
    banked = {row["trace"]: cents(row["amount"]) for row in tidy.deposits}
    assert len(banked) == len(tidy.deposits)
    assert banked == {remit["trace"]: remit["paid"] for remit in tidy.remits if remit["paid"]}


def test_every_claim_is_answered_and_every_answer_has_a_claim(tidy: Sample) -> None:
    answered = {claim["id"] for remit in tidy.remits for claim in remit["claims"]}
    assert answered == set(tidy.first)
    assert set(tidy.first) == {row["claim_id"] for row in tidy.kept if row["claim_id"]}
