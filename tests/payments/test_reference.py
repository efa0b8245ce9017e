"""Is every mistyped payment reference found out, and every true one read wherever a bank puts it?"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tasrih.payments.account import AccountWrong, account_number, spaced_account
from tasrih.payments.reference import Found, Reference, ReferenceWrong, beside, find, parse, reference, spaced
from tasrih.vocabulary.period import Period

from tests.payments.desk import RIB as ACCOUNT
from tests.payments.desk import RIP as OTHER_ACCOUNT

IBAN = f"DZ55{ACCOUNT}"

PERIODS = ("2025", "2025-Q1", "2025-Q4", "2026-01", "2026-12")
EMPLOYERS = ("1699999901", "0100000001", "6999999999")
WRITTEN = [reference(employer, Period.parse(period)) for employer in EMPLOYERS for period in PERIODS] + [
    reference(employer) for employer in EMPLOYERS
]
quick = settings(derandomize=True, max_examples=200, deadline=None, database=None)


@pytest.mark.parametrize("period", PERIODS)
def test_a_reference_tells_its_employer_and_its_period(period: str) -> None:
    written = reference("1699999901", Period.parse(period))
    assert parse(written) == Reference("1699999901", Period.parse(period))
    assert parse(spaced(written).lower()) == parse(written)
    assert str(parse(written)) == written


def test_a_reference_without_a_period_is_for_all_that_is_owed() -> None:
    assert parse(reference("1699999901")) == Reference("1699999901", None)


@pytest.mark.parametrize("written", WRITTEN)
def test_every_single_mistyped_sign_is_found(written: str) -> None:
    for place, right in enumerate(written):
        for wrong in set("0123456789ABFORX") - {right}:
            with pytest.raises(ReferenceWrong):
                parse(written[:place] + wrong + written[place + 1 :])


@pytest.mark.parametrize("written", WRITTEN)
def test_every_swap_of_neighbours_is_found(written: str) -> None:
    for place in range(len(written) - 1):
        one, other = written[place], written[place + 1]
        if one != other:
            with pytest.raises(ReferenceWrong):
                parse(written[:place] + other + one + written[place + 2 :])


@pytest.mark.parametrize("written", WRITTEN)
def test_a_lost_or_a_doubled_sign_is_found(written: str) -> None:
    for place in range(len(written)):
        for wrong in (written[:place] + written[place + 1 :], written[: place + 1] + written[place:]):
            with pytest.raises(ReferenceWrong):
                parse(wrong)


def test_check_digits_do_not_excuse_a_month_or_an_employer_that_does_not_exist() -> None:
    from stdnum.iso7064 import mod_97_10

    for base in ("1699999901202613", "1699999901202625", "1699999901000007", "0099999901202607", "7099999901202607"):
        with pytest.raises(ReferenceWrong):
            parse(f"RF{mod_97_10.calc_check_digits(base + 'RF')}{base}")


@pytest.mark.parametrize(
    ("employer", "period"), [("169999990", "2026"), ("0099999901", "2026"), ("1699999901", "1899")]
)
def test_no_reference_is_made_for_what_it_could_not_tell(employer: str, period: str) -> None:
    with pytest.raises(ValueError, match="no reference"):
        reference(employer, Period.parse(period))


@pytest.mark.parametrize(
    "text",
    [
        "{plain}",
        "VIR {plain} COTISATIONS",
        "VIREMENT{plain}EXEMPLE SARL",
        "/REF/{spaced}/2026 07 000123",
        "cotis. juillet {spaced}.",
        "تسديد \u2066{arabic}\u2069 جويلية",
        "R F{rest}",
        "{plain}LOYER",
        "{spaced} LOI 08-08",
        "RF:{rest}",
        "RF - {rest}",
        "{dashed}",
        "{wrapped}",
        "\u200frf{rest}",
    ],
)
def test_a_reference_is_found_wherever_a_bank_puts_it(text: str) -> None:
    plain = reference("1699999901", Period.parse("2026-07"))
    arabic = plain.translate({0x30 + digit: chr(0x660 + digit) for digit in range(10)})
    dashed, wrapped = spaced(plain).replace(" ", "\u2013"), f"{plain[:9]}\r\n{plain[9:]}"
    forms = {"plain": plain, "spaced": spaced(plain), "arabic": arabic, "dashed": dashed, "wrapped": wrapped}
    found = find(text.format(**forms, rest=plain[2:]))
    assert found.references == (Reference("1699999901", Period.parse("2026-07")),)
    assert not found.damaged


def test_a_reference_that_stands_twice_is_one_and_two_are_two() -> None:
    one, two = WRITTEN[0], WRITTEN[1]
    assert len(find(f"{one} {one}").references) == 1
    assert len(find(f"{one} ET {spaced(two)}").references) == 2


@pytest.mark.parametrize("text", ["RF50 1699 9999 0120 2606", "RF5O 1699 9999 0120 2606", "RF501699999901202"])
def test_a_damaged_reference_is_told_as_one(text: str) -> None:
    assert find(f"VIR {text}").references == ()
    assert find(f"VIR {text}").damaged == (text.replace(" ", ""),)


@pytest.mark.parametrize("written", WRITTEN)
def test_letters_for_digits_are_read_and_told_and_no_other_order_is_ever_read(written: str) -> None:
    for place in range(2, len(written)):
        for wrong in set("0123456789OIL") - {written[place]}:
            found = find(f"VIR {written[:place]}{wrong}{written[place + 1 :]} COTIS")
            alike = written[place] == {"O": "0", "I": "1", "L": "1"}.get(wrong)
            assert found.references == found.misread == ((parse(written),) if alike else ())
            assert bool(found.damaged) is not alike
        swapped = written[:place] + written[place + 1 : place + 2] + written[place] + written[place + 2 :]
        letters = swapped.replace("0", "O").replace("1", "I")
        assert set(find("RF" + letters[2:]).references) <= ({parse(written)} if swapped == written else set())


@pytest.mark.parametrize("form", ["{bare}", "MOTIF {bare} COTIS", "{groups}", "N°{bare}/2026", "{bare} 000123"])
def test_a_reference_without_its_letters_is_read_and_told(form: str) -> None:
    bare, groups = WRITTEN[0][2:], spaced(WRITTEN[0])[2:]
    text = form.format(bare=bare, groups=groups)
    assert find(text).references == find(text).misread == (parse(WRITTEN[0]),)
    assert beside(text, "|") == form.format(bare="|", groups="|")


@pytest.mark.parametrize("written", WRITTEN)
def test_other_numbers_of_eighteen_digits_are_none_and_stay_where_they_are(written: str) -> None:
    bare = written[2:]
    for place, digit in enumerate(bare):
        other = f"{bare[:place]}{(int(digit) + 1) % 10}{bare[place + 1 :]}"
        assert find(other) == Found((), ())
        assert beside(other, "|") == other
    for longer in (f"0{bare}", f"{bare}0"):
        assert find(longer) == Found((), ())


def test_check_digits_are_those_that_are_printed_and_no_others_of_the_same_remainder() -> None:
    from stdnum.iso7064 import mod_97_10

    high = next(found for n in range(100) if (found := reference(f"16999999{n:02d}"))[2:4] == "98")
    alike = f"RF01{high[4:]}"
    assert mod_97_10.is_valid(alike[4:] + alike[:4])
    with pytest.raises(ReferenceWrong):
        parse(alike)


def test_a_reference_that_also_stands_there_rightly_is_not_misread() -> None:
    assert find(f"{WRITTEN[0]} / {WRITTEN[0].replace('0', 'O')}").misread == ()


@pytest.mark.parametrize("behind", [" 1699999902", "-1699999902", "/1699999902"])
def test_what_stands_behind_a_reference_is_left_as_it_is(behind: str) -> None:
    assert beside(f"vir {WRITTEN[0]}{behind}", "|") == f"VIR |{behind}"


@pytest.mark.parametrize("text", ["", "RF", "PERF 2026", "1699999901", "TARIF 12 34", "RF 12"])
def test_other_texts_hold_none(text: str) -> None:
    assert find(text) == Found((), ())


@quick
@given(st.text(max_size=120))
def test_no_text_hurts_the_search(text: str) -> None:
    for found in find(text).references:
        assert parse(str(found)) == found


def test_an_account_is_twenty_digits_with_their_key_or_the_iban_around_them() -> None:
    assert account_number(ACCOUNT) == account_number(IBAN) == account_number(spaced_account(ACCOUNT)) == ACCOUNT
    assert account_number(OTHER_ACCOUNT) == OTHER_ACCOUNT
    assert spaced_account(ACCOUNT) == "002 00016 0000001234 57"


@pytest.mark.parametrize("text", ["", ACCOUNT[:-1], f"{ACCOUNT}0", f"DZ54{ACCOUNT}", IBAN.replace("DZ", "FR")])
def test_what_is_no_account_is_refused(text: str) -> None:
    with pytest.raises(AccountWrong):
        account_number(text)


def test_every_mistyped_digit_of_an_account_behind_its_bank_is_found() -> None:
    for place in range(3, 20):
        for wrong in set("0123456789") - {ACCOUNT[place]}:
            with pytest.raises(AccountWrong):
                account_number(ACCOUNT[:place] + wrong + ACCOUNT[place + 1 :])
