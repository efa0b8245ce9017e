"""A DAC over HTTP: what it says, what is due and held, its parts, and its lines of workers."""

from __future__ import annotations

from tests.api.caller import Caller
from tests.story.periodic import HELD, TWO_EMPLOYERS, dac, parts, people, send
from tests.story.world import OURS, OURS_TOO, World


def test_a_view_tells_what_the_dac_says_and_what_is_held_beside_the_dues(api: Caller, world: World) -> None:
    upload = send(world, dac({"Déjà payé (DA)": "1000,00"}) + dac(HELD).split(b"\r\n")[1] + b"\r\n", employer=OURS)
    world.receive(upload)
    view = api.get(f"/uploads/{upload}").body
    assert (view["kind"], view["period"], view["total_centimes"]) == ("DAC", "2019-Q4", 64_000_000)
    dues, told = view["dues"], view["dac"]
    assert (dues["state"], dues["total_centimes"]) == ("partly_held", world.outcome(upload).dues_total_centimes)
    (held,) = dues["held"]
    assert (held["code"], held["base_centimes"]) == ("R07", 10_000_000)
    assert dues["held_because"]
    assert told["still_to_pay_centimes"] == dues["total_centimes"] - 100_000
    assert told["bases"][-1]["decisions"] == [{"number": "DEC-1", "start": "2019-07-01", "end": "2020-06-30"}]
    assert (told["headcount"], told["nil"]) == (3, False)


def test_a_test_tells_the_same_and_a_refused_one_nothing(api: Caller, world: World) -> None:
    tested = send(world, dac({}), employer=OURS, purpose="test")
    refused = send(world, dac({"Effectif": "trois"}), employer=OURS)
    for upload in (tested, refused):
        world.receive(upload)
    view = api.get(f"/uploads/{tested}").body
    assert (view["state"], view["dac"]["headcount"], view["dues"]["state"]) == ("tested", 3, "computed")
    view = api.get(f"/uploads/{refused}").body
    assert (view["state"], view["dac"], view["dues"]) == ("refused", None, None)


def test_a_file_of_two_employers_names_its_parts_with_their_periods(api: Caller, world: World) -> None:
    upload = send(world, TWO_EMPLOYERS)
    world.receive(upload)
    assert [part["state"] for part in api.get(f"/uploads/{upload}").body["parts"]] == ["received", "received"]
    parts(world, upload)
    view = api.get(f"/uploads/{upload}").body
    told = [(part["employer"], part["period"], part["name"], part["state"]) for part in view["parts"]]
    assert told == [(number, "2019-Q4", "dac.csv", "in_force") for number in (OURS, OURS_TOO)]
    assert (view["state"], view["dac"], view["receipt"]) == ("split", None, None)


def test_a_line_of_a_worker_is_shown_with_its_code_and_base(api: Caller, world: World) -> None:
    upload = send(world, people({}), employer=OURS)
    world.receive(upload)
    assert api.get(f"/uploads/{upload}/lines").body["lines"] == [
        {
            "number": 2,
            "nss": "800000000001",
            "surname": "NOMUN",
            "first_name": "PRENOMUN",
            "birth": "01011990",
            "durations": [],
            "units": [],
            "bases_centimes": [],
            "base_year_centimes": None,
            "base_centimes": 5_000_000,
            "entry": "01032015",
            "exit": "",
            "function": "",
            "code": "R22",
        }
    ]
