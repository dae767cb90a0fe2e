"""What was tried in households: whether it helped, what made the difference, and whether it was gone on with.

Counted from the rows themselves, which keep their codes and days when a case is destroyed. One household can try an
approach more than once. Nobody is counted: not who tried it, and not in which team.
"""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from wijkteam.cases.model import HouseholdCase
from wijkteam.engine.definition import Text
from wijkteam.figures.outcome import Drawn
from wijkteam.figures.pieces import Tally
from wijkteam.figures.safe import Spot, View
from wijkteam.figures.telling import LEFT_OUT, Definition, Figure, Scope
from wijkteam.plans.model import Approach
from wijkteam.reports.periods import moments
from wijkteam.reports.withholding import TOTAL

RESULTS = {
    "all": Text(nl="Geprobeerd", en="Tried"),
    "helped": Text(nl="Hielp", en="Helped"),
    "partly": Text(nl="Hielp een beetje", en="Helped somewhat"),
    "not_helped": Text(nl="Hielp niet", en="Did not help"),
}
ENDS = {
    "all": Text(nl="Geprobeerd", en="Tried"),
    "continued": Text(nl="Gaat door", en="Continued"),
    "stopped": Text(nl="Gestopt", en="Stopped"),
}
NOT_SAID = Text(nl="Niet gezegd", en="Not said")
UNSAID = "unsaid"
SURE = Text(
    nl=f"Opschrijven hoeft niet: dit zijn niet alle aanpakken, en dat iets hielp zegt wie het deed. {LEFT_OUT.nl}",
    en=f"Nobody has to write it down: these are not all approaches, and that it helped is what who did it says. "
    f"{LEFT_OUT.en}",
)
APPROACHES = Definition(
    "approaches",
    Text(nl="Wat is geprobeerd", en="What was tried"),
    Text(
        nl="Aanpakken die in de periode eindigden, en of ze hielpen.",
        en="Approaches that ended in the period, and whether they helped.",
    ),
    SURE,
)
GONE_ON = Definition(
    "approaches_ended",
    Text(nl="Doorgegaan of gestopt", en="Continued or stopped"),
    Text(
        nl="Dezelfde aanpakken: waarmee de mensen doorgaan, en waarmee ze zijn gestopt.",
        en="The same approaches: what people go on with, and what they stopped.",
    ),
    SURE,
)
INGREDIENTS = Definition(
    "ingredients",
    Text(nl="Wat het verschil maakte", en="What made the difference"),
    Text(
        nl="Dezelfde aanpakken, naar het werkzame bestanddeel dat het verschil maakte.",
        en="The same approaches, by the working ingredient that made the difference.",
    ),
    SURE,
)


def approach_figures(session: Session, scope: Scope, lists: Mapping[str, Mapping[str, Text]]) -> tuple[Figure, ...]:
    """What was tried, what was gone on with, and what made the difference: over the same approaches, of all wijken.

    `lists` are the titles of `approaches` and `working_ingredients`. Nothing when nothing ended in the period.
    """
    start, end = moments(scope.first, scope.last)
    keys = Approach.kind, Approach.state, Approach.result, Approach.ingredient, HouseholdCase.household_id
    rows = session.execute(
        select(*keys, func.count())
        .join(HouseholdCase, HouseholdCase.id == Approach.case_id)
        .where(Approach.ended_at >= start, Approach.ended_at < end)
        .group_by(*keys)
    )
    results: dict[tuple[str, str], Tally] = defaultdict(Tally)
    ends: dict[tuple[str, str], Tally] = defaultdict(Tally)
    ingredients: dict[tuple[str, str], Tally] = defaultdict(Tally)
    for kind, state, result, ingredient, household, number in rows:
        for found, row, column in (
            (results, kind, result or UNSAID),
            (ends, kind, state),
            (ingredients, ingredient or UNSAID, result or UNSAID),
        ):
            for each in (TOTAL, row):
                found[each, "all"].add(number, household)
                found[each, column].add(number, household)
    if not results:
        return ()
    kinds = _named(lists.get("approaches", {}))
    drawn = [
        Drawn.of(APPROACHES, RESULTS, _counted(results), kinds),
        Drawn.of(GONE_ON, ENDS, _counted(ends), kinds),
        Drawn.of(INGREDIENTS, RESULTS, _counted(ingredients), _named(lists.get("working_ingredients", {}))),
    ]
    return tuple(each.figure(scope, away) for each, away in zip(drawn, _hidden(drawn), strict=True))


def seen_tried(figure: Figure) -> Text | None:
    """What a table of what was tried says, in a sentence; None where that may not be told."""
    if figure.definition is INGREDIENTS:
        return _seen_ingredient(figure)
    column, nl, en = SEEN[figure.definition.code]
    cells = figure.rows[0].cells
    part, tried = cells[column].value if column in cells else None, cells["all"].value
    if part is None or not tried:
        return None
    return Text(nl=nl.format(part=part, tried=tried), en=en.format(part=part, tried=tried))


SEEN = {
    APPROACHES.code: (
        "helped",
        "Van {tried} aanpakken hielpen er {part}.",
        "Of {tried} approaches {part} helped.",
    ),
    GONE_ON.code: (
        "continued",
        "Van {tried} aanpakken gaan er {part} door.",
        "Of {tried} approaches {part} are continued.",
    ),
}
"""By table: the column that tells most, and the sentence that says it."""


def _seen_ingredient(figure: Figure) -> Text | None:
    """What made the difference most often where something helped."""
    told = [row for row in figure.rows if row.key not in (TOTAL, UNSAID) and "helped" in row.cells]
    told = [row for row in told if row.cells["helped"].value]
    if not told:
        return None
    most = max(told, key=lambda row: row.cells["helped"].value or 0)
    number = most.cells["helped"].value
    return Text(
        nl=f"Wat het vaakst het verschil maakte: {most.label.nl}, {number} keer.",
        en=f"What most often made the difference: {most.label.en}, {number} times.",
    )


def _hidden(drawn: list[Drawn]) -> list[frozenset[tuple[str, str]]]:
    """What each table keeps back: where two tables tell the same count, neither tells what the other keeps back."""
    views = [View(each.counted, {place: _spot(each, place) for place in each.counts}) for each in drawn]
    hidden: frozenset[Spot] = frozenset()
    while True:
        more = hidden.union(*(view.withheld(hidden) for view in views))
        if more == hidden:
            return [frozenset(place for place, spot in view.spots.items() if spot in hidden) for view in views]
        hidden = more


def _spot(drawn: Drawn, place: tuple[str, str]) -> Spot:
    row, column = place
    if row == TOTAL:
        return ("", "", "", column)
    by_kind = drawn.definition is not INGREDIENTS
    return (row, "", "", f"kind {column}") if by_kind else ("", row, "", f"ingredient {column}")


def _named(titles: Mapping[str, Text]) -> Any:
    return lambda code: NOT_SAID if code == UNSAID else titles.get(code) or Text(nl=code, en=code)


def _counted(found: Mapping[tuple[str, str], Tally]) -> dict[tuple[str, str], Any]:
    return {place: tally.count for place, tally in found.items()}
