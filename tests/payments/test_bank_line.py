"""Accounts in one spelling, whoever wrote them."""

from __future__ import annotations

import pytest
from tasrih.payments.bank.line import account_key

RIB = "00799999001234567890"


@pytest.mark.parametrize(
    "written", [RIB, "007 99999 0012345678 90", "007.99999-0012345678/90", f"DZ58{RIB}", f"dz58 {RIB}", "\u00a0" + RIB]
)
def test_an_account_is_the_same_as_rib_and_as_iban(written: str) -> None:
    assert account_key(written) == RIB


def test_an_account_abroad_stays_what_it_is() -> None:
    assert account_key("fr76 3000 6000 0112 3456 7890 189") == "FR7630006000011234567890189"
