"""What stands beside the figures: published figures of areas, the year before, and what was tried."""

from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import select

from tests.conftest import Town
from tests.reports.test_report_page import asked
from tests.search.test_finding import opened
from wijkteam.area_figures.reading import Found
from wijkteam.area_figures.service import keep_figures
from wijkteam.cases.made_up_areas import made_up_areas
from wijkteam.cases.model import Household
from wijkteam.cases.service import keep_areas
from wijkteam.escalation.model import Escalation
from wijkteam.figures.approaches import approach_figures
from wijkteam.figures.areas import beside_figures, nearest, seen_beside
from wijkteam.figures.earlier import compared, differs, seen_earlier, year_before
from wijkteam.figures.escalations import Reckoning, escalation_figures
from wijkteam.figures.model import EscalationFact
from wijkteam.figures.outcome import outcome_figures
from wijkteam.figures.report import make_page
from wijkteam.figures.telling import Figure, Language, Scope
from wijkteam.plans.model import Approach
from wijkteam.plans.service import NewApproach, try_approach
from wijkteam.terms import clock
from wijkteam.web.report import known, make_report

YEAR = 2025


def whole_year(wijk: str | None = None, barrier: str | None = None) -> Scope:
    today = clock.today()
    return Scope(today.replace(month=1, day=1), today.replace(month=12, day=31), wijk, barrier)


def reckoned(town: Town, scope: Scope) -> Reckoning:
    words = known(town.house, "Voorbeeldstad").words
    return Reckoning.of(town.clockwork().session, scope, words)


def settle(town: Town, buurt: str) -> None:
    """All households live in one buurt, also as summaries know it."""
    work = town.clockwork()
    with work.transaction() as session:
        session.query(Household).update({"buurt_code": buurt})
        session.query(EscalationFact).update({"buurt_code": buurt})


def publish(town: Town, year: int, **more: float) -> tuple[str, str]:
    """Made-up areas with figures of one year; returns a buurt and its wijk."""
    areas = made_up_areas(1)
    keep_areas(town.clockwork(), areas, {each.wijk_code: each.wijk_code for each in areas})
    buurt, wijk = areas[0].code, areas[0].wijk_code
    found = [
        Found(code, measure, value)
        for code, households in ((buurt, 400.0), (wijk, 2_000.0), ("GM9999", 10_000.0))
        for measure, value in {"households": households, "around_social_minimum": 8.5, **more}.items()
    ]
    keep_figures(town.clockwork(), found, ["households", "around_social_minimum", *more], year, ["GM9999"], dry=False)
    return buurt, wijk


def test_published_figures_stand_beside_what_is_asked_of_the_nearest_year_with_the_year_and_source_said(
    town: Town,
) -> None:
    mapping = town.house.area_figures
    assert mapping is not None
    buurt, wijk = publish(town, clock.today().year - 1)
    publish(town, clock.today().year - 9)
    assert {each.year for each in nearest(town.clockwork().session, mapping, clock.today().year)} == {
        clock.today().year - 1
    }
    assert {each.year for each in nearest(town.clockwork().session, mapping, clock.today().year - 5)} == {
        clock.today().year - 9
    }, "of two that are as near, the earlier"
    asked(town, 6)
    settle(town, buurt)
    figure = beside_figures(town.clockwork().session, reckoned(town, whole_year()), mapping)
    assert figure is not None
    cells = figure.row(buurt).cells
    assert (cells["asked"].value, cells["rate"].value, cells["around_social_minimum"].value) == (6, 15.0, 8.5)
    assert figure.row("GM9999").cells["rate"].value == 0.6 and figure.row(buurt).part_of == wijk
    assert str(clock.today().year - 1) in figure.columns["around_social_minimum"].nl
    assert mapping.source in figure.definition.uncertainty.nl
    assert "6 keer gevraagd, 15,0 per 1.000 huishoudens (hele gemeente 0,6)" in seen_beside(figure).nl
    under_barrier = reckoned(town, whole_year(barrier="housing"))
    assert beside_figures(town.clockwork().session, under_barrier, mapping) is None


def test_beside_published_figures_a_small_count_stays_away_with_its_rate(town: Town) -> None:
    mapping = town.house.area_figures
    assert mapping is not None
    buurt, wijk = publish(town, clock.today().year)
    asked(town, 3)
    settle(town, buurt)
    for scope in (whole_year(), whole_year(wijk)):
        figure = beside_figures(town.clockwork().session, reckoned(town, scope), mapping)
        assert figure is not None
        row = figure.row(buurt)
        assert row.cells["asked"].withheld and row.cells["rate"].withheld and row.cells["rate"].value is None
        assert row.cells["households"].value == 400, "what is published is told"


def figures_of(town: Town, scope: Scope) -> dict[str, Figure]:
    words, session = known(town.house, "Voorbeeldstad").words, town.clockwork().session
    found = [*escalation_figures(Reckoning.of(session, scope, words), words)]
    found += outcome_figures(session, scope, words, town.house.instruments)
    return {each.definition.code: each for each in found}


def test_the_year_before_is_told_as_its_own_report_tells_it_and_withheld_stays_withheld(town: Town) -> None:
    last_year = clock.now() - timedelta(days=365)
    with clock.standing_at(last_year):
        asked(town, 3)
        for each in list(town.clockwork().session.scalars(select(Escalation.id))):
            town.work("fenna").act_on(Escalation, each, "withdraw", {"why": "Het lukte zo."})
    town.close()
    asked(town, 7)
    town.close()
    scope = whole_year()
    before = figures_of(town, year_before(scope))
    assert before["escalations"].rows[0].cells["asked"].withheld
    figure = compared(scope, figures_of(town, scope), before)
    row = figure.row("asked")
    assert row.cells["now"].value == 7 and row.cells["before"].withheld and row.cells["before_monthly"].withheld
    assert seen_earlier(figure).nl != "" and figure.rows[0].key == "asked"
    with_barrier = compared(whole_year(barrier="housing"), {}, {})
    assert [each.key for each in with_barrier.rows] == ["asked"], "outcomes are not told by barrier"


@pytest.mark.parametrize(
    ("now", "months", "before", "way"),
    [(100, 10, 60, 1), (20, 10, 60, -1), (50, 10, 60, 0), (9, 10, 0, 0), (109, 10, 130, 0)],
)
def test_a_difference_is_called_one_only_when_chance_hardly_gives_it(
    now: int, months: int, before: int, way: int
) -> None:
    assert differs(now, months, before, 12) == way


def test_without_a_change_fewer_than_one_in_ten_years_is_called_different() -> None:
    chance = Random(7)
    called = 0
    for _ in range(2_000):
        events = [chance.random() < 10 / 22 for _ in range(chance.randint(30, 200))]
        called += differs(sum(events), 10, len(events) - sum(events), 12) != 0
    assert called / 2_000 < 0.07


def tried(town: Town, number: int, kind: str, result: str, ingredient: str | None, step: str) -> None:
    for each in range(number):
        case = opened(town, f"Kade {kind} {each}")
        approach = try_approach(town.work("fenna"), NewApproach(case.id, case.team_id, kind))
        said = {"result": result} | ({"ingredient": ingredient} if ingredient else {})
        town.work("fenna").act_on(Approach, approach.id, step, said)
        town.close()


def test_what_was_tried_is_counted_by_what_helped_and_what_stopped_and_never_below_five(town: Town) -> None:
    tried(town, 7, "home_visits", "helped", "trust", "continue")
    tried(town, 6, "money_coach", "not_helped", None, "stop")
    lists = {name: town.house.lists[name].items for name in ("approaches", "working_ingredients")}
    told = approach_figures(town.clockwork().session, whole_year(), lists)
    by_code = {each.definition.code: each for each in told}
    assert {n: c.value for n, c in by_code["approaches"].row("home_visits").cells.items()} == {
        "all": 7,
        "helped": 7,
        "partly": 0,
        "not_helped": 0,
    }
    assert by_code["approaches_ended"].row("money_coach").cells["stopped"].value == 6
    assert by_code["ingredients"].row("trust").cells["helped"].value == 7
    tried(town, 2, "group", "partly", "at_home", "stop")
    told = approach_figures(town.clockwork().session, whole_year(), lists)
    for figure in told:
        for row in figure.rows:
            assert all(cell.withheld or not 0 < (cell.value or 0) < 5 for cell in row.cells.values())
    gone = {each.definition.code: {r.key for r in each.rows if r.cells["all"].withheld} for each in told}
    assert gone["approaches"] == gone["approaches_ended"] and "group" in gone["approaches"]
    assert len(gone["approaches"]) > 1, "one line alone would follow from the total"
    page = make_report(town.house, town.clockwork().session, "Voorbeeldstad", whole_year())
    assert [each.table.definition.code for each in page.parts["tried"]] == [each.definition.code for each in told]


def sentences(town: Town, language: Language) -> dict[str, str]:
    """What the page says of each of its figures, by code."""
    made = make_page(town.clockwork().session, whole_year(), known(town.house, "Voorbeeldstad"), language)
    return {each.table.definition.code: each.sentence for shown in made.parts.values() for each in shown}


def test_each_figure_says_in_a_sentence_what_is_to_be_seen_also_where_that_is_too_little(town: Town) -> None:
    assert all(sentence.endswith(".") for sentence in sentences(town, "nl").values())
    tried(town, 7, "home_visits", "helped", "trust", "continue")
    tried(town, 6, "money_coach", "not_helped", None, "stop")
    asked(town, 1)
    nl, en = sentences(town, "nl"), sentences(town, "en")
    assert all(sentence.endswith(".") and "{" not in sentence for sentence in (*nl.values(), *en.values()))
    assert nl["approaches"] == "Van 13 aanpakken hielpen er 7."
    assert nl["approaches_ended"] == "Van 13 aanpakken gaan er 7 door."
    assert nl["ingredients"] == "Wat het vaakst het verschil maakte: Vertrouwen in wie er kwam, 7 keer."
    assert nl["repeated"] == "Voor geen enkel huishouden is vaker dan één keer opgeschaald."
    assert en["repeated"] == "Escalated more than once for no households."
