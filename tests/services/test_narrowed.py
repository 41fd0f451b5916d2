"""What a filter names: by number or name, whatever its capitals; a slip is told with what is known."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from everyunit.cli.main import app
from everyunit.errors import UsageError
from everyunit.services.make_sample import make_sample
from everyunit.services.narrowed import cause_named, clinic_named, clinician_named, payer_named, role_named
from everyunit.services.take_in import take_in


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("narrowed")
    make_sample(folder / "practice", visits=200, seed=8)
    list(take_in([folder / "practice"], folder / "home"))
    return folder / "home"


def test_a_payer_is_known_by_number_and_name(home):
    assert payer_named(home, "medicare part b") == payer_named(home, " mkpartb ") == "MKPARTB"
    assert payer_named(home, "") == ""


def test_clinics_clinicians_roles_and_causes(home):
    assert clinic_named(home, "alder street rehab") == "Alder Street Rehab"
    assert clinician_named(home, "") == ""
    assert (role_named("Front office"), cause_named("Timely_Filing")) == ("front_office", "timely filing")


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("aging", "--payer", "Medicare B"), "There is no payer Medicare B. Known are: "),
        (("aging", "--clinic", "Nowhere"), "There is no clinic Nowhere. Known are: Alder Street Rehab"),
        (("denials", "--cause", "autorization"), "There is no cause autorization. Known are: authorization"),
        (("denials", "--role", "boss"), "There is no role boss. Known are: biller"),
        (("denials", "--payer", "x"), "MKPARTB (Medicare Part B)"),
        (("skilled-time", "--clinician", "1"), "There is no clinician 1."),
    ],
)
def test_a_slip_never_looks_like_a_clean_bill(home, command, said):
    ran = CliRunner().invoke(app, [*command, "--home", str(home)])
    assert ran.stdout == ""
    assert isinstance(ran.exception, UsageError)
    assert said in str(ran.exception)
