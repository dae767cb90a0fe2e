"""The what-if of an imported log, held against a second computation straight from the file."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

from tests.conftest import SHARED
from tests.mandate import second_what_if as second
from wijkteam.assembly import build_house
from wijkteam.engine.loading import load_document
from wijkteam.mandate.approvals import import_approvals
from wijkteam.mandate.approvals_mapping import ApprovalsMapping
from wijkteam.mandate.xes import LogTrace, read_log
from wijkteam.reports.what_if_service import WhatIf, Wish, what_if
from wijkteam.rulebook import workflow_folders
from wijkteam.storage.database import connect
from wijkteam.storage.schema import upgrade

LOG = SHARED / "approvals_bpic2020" / "DomesticDeclarations.xes.gz"
EVERY = 10
"""One in so many traces is imported here; the bench does all of them."""
CEILINGS = (5_000, 10_000, 25_000, 50_000)
SOURCE = "approvals_bpic2020"


def some(traces: Iterator[LogTrace]) -> Iterator[LogTrace]:
    return islice(traces, 0, None, EVERY)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> WhatIf:
    if not LOG.is_file():
        pytest.skip(f"allowed in CI: {LOG} is not there")
    database = connect(f"sqlite:///{tmp_path_factory.mktemp('log') / 'log.sqlite'}")
    upgrade(database)
    house = build_house(database)
    mapping = load_document(workflow_folders()[0] / "mappings" / f"{SOURCE}.yaml", ApprovalsMapping)
    import_approvals(house.work(), mapping, some(read_log(LOG, mapping.amount)), lambda done: None)
    return what_if(house.open_session(), Wish(SOURCE, ceilings=CEILINGS), house.approving)


@pytest.fixture(scope="module")
def told() -> dict[str, second.Told]:
    return {each.number: each for each in islice(second.read(Path(LOG)), 0, None, EVERY)}


def test_the_same_requests_were_asked_and_lie_under_each_ceiling(found: WhatIf, told: dict[str, second.Told]) -> None:
    assert {each.number for each in found.history.requests} == {each.number for each in told.values() if each.asked}
    assert set(found.history.never_asked) == {each.number for each in told.values() if not each.asked}
    for scenario, ceiling in zip(found.scenarios, CEILINGS, strict=True):
        theirs = {each.number for each in told.values() if each.asked and each.cents and each.cents <= ceiling}
        assert {each.request.number for each in scenario.replay.in_front} == theirs
        without = {each.number for each in told.values() if each.asked and each.cents is None}
        assert {each.number for each in scenario.replay.unplaced} == without


def test_each_request_that_the_workflow_followed_has_the_same_wait_steps_and_outcome(
    found: WhatIf, told: dict[str, second.Told]
) -> None:
    compared = 0
    for each in found.scenarios[-1].replay.in_front:
        number = each.request.number or ""
        if number not in found.history.deviating:
            theirs = told[number]
            assert each.spared.for_answers.total_seconds() == pytest.approx(theirs.waited, abs=1e-6), number
            assert each.steps == theirs.steps, number
            assert each.fate.startswith("refused") == theirs.refused, number
            assert (each.fate == "refused_for_good") == (theirs.last == "refused"), number
            compared += 1
    assert compared > 800


@pytest.mark.parametrize("number", range(len(CEILINGS)))
def test_figures_differ_only_by_what_the_workflow_could_not_follow(
    found: WhatIf, told: dict[str, second.Told], number: int
) -> None:
    deviating = found.history.deviating
    in_front = found.scenarios[number].replay.in_front
    ours = [each for each in in_front if each.request.number not in deviating]
    theirs = second.figures([each for each in told.values() if each.number not in deviating], CEILINGS[number])
    assert len(ours) == theirs.in_front
    assert sum(each.spared.for_answers.total_seconds() for each in ours) / 86_400 == pytest.approx(theirs.days)
    assert sum(each.steps for each in ours) == theirs.steps
    assert sum(each.fate.startswith("refused") for each in ours) == theirs.refused
    whole = second.figures(list(told.values()), CEILINGS[number])
    figure = {
        code: found.line(code).cells[number].value or 0 for code in ("front_line", "spared", "steps", "deviating")
    }
    assert figure["front_line"] == whole.in_front
    assert figure["deviating"] == len(in_front) - len(ours) < whole.in_front / 50
    assert figure["spared"] == pytest.approx(whole.days, rel=0.01)
    assert figure["steps"] == pytest.approx(whole.steps, rel=0.01)
    assert abs(float(found.line("spared_median").cells[number].value or 0) - whole.median) < 0.02
    assert abs(float(found.line("spared_p90").cells[number].value or 0) - whole.p90) < 0.05
