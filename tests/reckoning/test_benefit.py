"""Muddling on against breaking through: who pays, who gains, in ranges; and a plain word where assumptions carry it."""

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from wijkteam import rulebook
from wijkteam.cli import main
from wijkteam.reckoning.benefit import Benefit, Kind, NoRate, Range, reckon, shares
from wijkteam.reckoning.rates import BenefitTable
from wijkteam.shipped import folder

DAY = date(2026, 6, 1)
SHIPPED = rulebook.read_benefit([folder("workflows")])


def rate(code: str, low: float, middle: float, high: float, assumed: bool = False, **more: Any) -> dict[str, Any]:
    return {
        "code": code,
        "title": {"nl": code, "en": code},
        "unit": {"nl": "per keer", "en": "each"},
        "euros": {"low": low, "middle": middle, "high": high},
        "year": 2026,
        "paid_by": {"municipality": 60, "insurer": 40},
        "source": "a made-up study",
        "assumed": assumed,
        "valid_from": date(2026, 1, 1),
        **more,
    }


def use(code: str, low: float, middle: float, high: float, source: str | None = "counted") -> dict[str, Any]:
    return {"rate": code, "number": {"low": low, "middle": middle, "high": high}, "source": source}


def table(rates: list[dict[str, Any]], muddling: list[Any] = [], breaking: list[Any] = []) -> BenefitTable:  # noqa: B006
    title = {"nl": "Proef", "en": "Trial"}
    return BenefitTable.model_validate(
        {
            "figures": "benefit",
            "source": "made up",
            "parties": {"municipality": {"nl": "Gemeente", "en": "M"}, "insurer": {"nl": "Verzekeraar", "en": "I"}},
            "rates": rates,
            "comparisons": [
                {"code": "trial", "title": title, "months": 12, "muddling": muddling, "breaking": breaking}
            ],
        }
    )


def worked(made: BenefitTable, households: int = 1) -> Benefit:
    return reckon(made, made.comparisons[0], DAY, households)


def kinds(found: Benefit) -> list[Kind]:
    return [each.kind for each in found.warnings]


CARE = rate("care", 100, 200, 300)
COACH = rate("coach", 50, 60, 80)


def test_what_is_gained_is_what_is_no_longer_paid_less_what_it_takes() -> None:
    found = worked(table([CARE, COACH], [use("care", 10, 10, 10)], [use("care", 2, 4, 6), use("coach", 5, 5, 5)]))
    assert found.muddling == Range(100_000, 200_000, 300_000)
    assert found.breaking == Range(20_000 + 25_000, 80_000 + 30_000, 180_000 + 40_000)
    assert found.gain == Range(40_000 - 40_000, 120_000 - 30_000, 240_000 - 25_000)
    assert {each.party: each.gain.middle for each in found.parties} == {"municipality": 54_000, "insurer": 36_000}
    assert found.warnings == ()


def test_what_stays_the_same_costs_nothing_more_however_unsure_its_price_is() -> None:
    found = worked(table([CARE], [use("care", 3, 3, 3)], [use("care", 3, 3, 3)]))
    assert found.gain == Range(0, 0, 0)


def test_a_range_from_loss_to_gain_is_warned_for() -> None:
    found = worked(table([CARE, COACH], [use("care", 1, 4, 9)], [use("coach", 5, 5, 5)]))
    assert found.gain.low < 0 < found.gain.high
    assert kinds(found) == [Kind.SIGN]


def test_a_result_that_is_not_there_without_assumptions_is_warned_for() -> None:
    guessed = worked(table([CARE, COACH], [use("care", 9, 9, 9, None)], [use("coach", 5, 5, 5)]))
    assert Kind.WITHOUT in kinds(guessed)
    assumed = worked(table([rate("care", 100, 200, 300, True), COACH], [use("care", 9, 9, 9)], [use("coach", 5, 5, 5)]))
    assert Kind.WITHOUT in kinds(assumed)


def test_an_assumed_cost_that_alone_turns_the_result_is_named() -> None:
    rates = [CARE, rate("fine", 1, 10, 900, True), rate("letter", 1, 2, 3, True)]
    found = worked(table(rates, [use("care", 4, 4, 4)], [use("fine", 1, 1, 1), use("letter", 1, 1, 1)]))
    assert [each.rates for each in found.warnings if each.kind is Kind.TURNING] == [("fine",)]


def test_rates_are_those_of_the_day() -> None:
    old = rate("care", 1, 1, 1, valid_from=date(2020, 1, 1), valid_until=date(2025, 12, 31))
    made = table([old, CARE], [use("care", 1, 1, 1)])
    assert reckon(made, made.comparisons[0], date(2025, 12, 31)).gain.middle == 100
    assert worked(made).gain.middle == 20_000
    with pytest.raises(NoRate, match="no rate 'care' on 2019-01-01"):
        reckon(made, made.comparisons[0], date(2019, 1, 1))


@pytest.mark.parametrize(
    ("made", "wrong"),
    [
        (lambda: table([rate("care", 3, 2, 4)]), "must rise"),
        (lambda: table([rate("care", 1, 2, 3, paid_by={"municipality": 99})]), "add up to 100"),
        (lambda: table([rate("care", 1, 2, 3, paid_by={"nobody": 100})]), "no party 'nobody'"),
        (lambda: table([CARE, CARE]), "two rates on one day"),
        (lambda: table([CARE], [use("cure", 1, 1, 1)]), "no rate 'cure'"),
        (lambda: table([CARE], [use("care", 1, 1, 1)] * 2), "stands twice"),
        (lambda: table([rate("care", 1, 2, 3, source="")]), "source"),
        (lambda: table([rate("care", -1, 2, 3)]), "greater than or equal to 0"),
    ],
)
def test_a_wrong_table_is_refused_with_what_is_wrong(made: Callable[[], BenefitTable], wrong: str) -> None:
    with pytest.raises(ValidationError, match=wrong):
        made()


PRICES = st.lists(st.decimals(0, 5000, places=2), min_size=3, max_size=3).map(sorted)
NUMBERS = st.lists(st.decimals(0, 40, places=2), min_size=3, max_size=3).map(sorted)
PERCENTS = st.integers(1, 99)


@given(st.lists(st.tuples(PRICES, NUMBERS, NUMBERS, PERCENTS), min_size=1, max_size=4), st.integers(1, 500))
def test_parties_add_up_to_the_whole_and_low_never_passes_high(
    drawn: list[tuple[list[Decimal], list[Decimal], list[Decimal], int]], households: int
) -> None:
    def three(values: list[Decimal]) -> dict[str, Decimal]:
        return dict(zip(("low", "middle", "high"), values, strict=True))

    rates = [
        rate(f"r{at}", 0, 0, 0, euros=three(prices), paid_by={"municipality": part, "insurer": 100 - part})
        for at, (prices, _, _, part) in enumerate(drawn)
    ]
    sides = [[{"rate": f"r{at}", "number": three(each[side])} for at, each in enumerate(drawn)] for side in (1, 2)]
    found = worked(table(rates, *sides), households)
    for name in ("muddling", "breaking", "gain"):
        whole = getattr(found, name)
        assert sum((getattr(party, name) for party in found.parties), Range()) == whole
        assert whole.low <= whole.middle <= whole.high
    assert found.gain.middle == pytest.approx(
        found.muddling.middle - found.breaking.middle, abs=len(drawn) * households
    )


@given(st.integers(-(10**9), 10**9), st.lists(st.integers(1, 30), min_size=1, max_size=5))
def test_what_is_divided_adds_up_to_the_cent(cents: int, parts: list[int]) -> None:
    paid_by = {f"p{at}": part for at, part in enumerate(parts)}
    paid_by["rest"] = 100 - sum(parts) if sum(parts) < 100 else 1
    if sum(paid_by.values()) == 100:
        assert sum(shares(cents, paid_by).values()) == cents


def test_shipped_rates_have_sources_and_say_what_is_assumed() -> None:
    assert all(each.source for each in SHIPPED.rates)
    assert all(each.assumed for each in SHIPPED.rates if "assum" in each.source)
    for comparison in SHIPPED.comparisons:
        found = reckon(SHIPPED, comparison, DAY)
        assert Kind.WITHOUT in kinds(found) or Kind.SIGN in kinds(found), "it says plainly that it rests on assumptions"


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str], Result]:
    monkeypatch.delenv("WIJKTEAM_WORKFLOWS", raising=False)
    monkeypatch.setenv("WIJKTEAM_DATABASE_URL", f"sqlite:///{tmp_path}/none.sqlite")
    return lambda line: CliRunner().invoke(main, ["benefit", *line.split()], catch_exceptions=False)


def test_a_comparison_is_told_per_party_with_its_warnings(run: Callable[[str], Result]) -> None:
    answer = run("compare eviction_prevented --on 2026-06-01 --households 2")
    assert answer.exit_code == 0
    assert "Een huisuitzetting voorkomen: 2 huishouden(s), 12 maanden" in answer.stdout
    assert all(party.nl in answer.stdout for party in SHIPPED.parties.values())
    assert "WARNING it is not sure that there is a gain" in answer.stdout
    document = json.loads(run("compare eviction_prevented --on 2026-06-01 --format json").stdout)
    assert document["total"]["gain"]["middle"] == sum(each["gain"]["middle"] for each in document["parties"].values())


def test_rates_are_told_with_who_says_so(run: Callable[[str], Result]) -> None:
    answer = run("rates --on 2026-06-01")
    assert "ASSUMED; assumption, nobody measured it" in answer.stdout
    assert "11 rates in force on 2026-06-01, 10 assumed" in answer.stderr


@pytest.mark.parametrize("line", ["compare eviction_prevent", "compare one_plan --on 2001-01-01"])
def test_what_is_not_there_is_one_clear_line(run: Callable[[str], Result], line: str) -> None:
    answer = run(line)
    assert answer.exit_code == 2
    assert "there is no" in answer.stderr
