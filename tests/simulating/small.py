"""Workflows in small, worlds without a database, and made-up pasts whose truth is known."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from wijkteam import rulebook
from wijkteam.engine.definition import Text, Workflow
from wijkteam.engine.ladder import Ladder
from wijkteam.engine.loading import load_document, load_workflow, load_workflows
from wijkteam.engine.rungs import RungMove, RungRule
from wijkteam.engine.vocabulary import Effect, Guard, Role, Vocabulary
from wijkteam.simulating.figures import Figures
from wijkteam.simulating.history import Life, PastStay, PastStep
from wijkteam.simulating.hours import DAY, WEEK
from wijkteam.simulating.staffing import People
from wijkteam.simulating.world import Given
from wijkteam.vocabularies import vocabularies

MONDAY = datetime(2024, 1, 8, tzinfo=UTC).timestamp()
CLERK, CLOCK = 7, None

DESK = """\
workflow: desk
version: 1
title: {nl: Balie, en: Desk}
subject: desk
initial: waiting
opening: {title: {nl: Binnen, en: In}, by: [clerk]}
states:
  waiting:
    title: {nl: Wacht, en: Waits}
    holder: clerk
    term: {within: P5D, on_miss: remind}
  helped: {title: {nl: Geholpen, en: Helped}, final: true}
  gone: {title: {nl: Weg, en: Gone}, final: true}
transitions:
  - {name: help, title: {nl: Helpen, en: Help}, from: waiting, to: helped, by: [clerk]}
  - {name: leave, title: {nl: Weggaan, en: Leave}, from: waiting, to: gone, by: [clerk]}
  - name: remind
    title: {nl: Herinnering, en: Reminder}
    from: waiting
    to: same
    by: [clock]
    tells: [clerk]
    restarts_term: true
    reminder: true
"""
STAIRS = """\
ladder: stairs
title: {nl: Trap, en: Stairs}
source: none
rungs:
  - {number: 1, function: clerk, layer: {nl: Een, en: One}, term: {within: P2D}}
  - {number: 2, function: head, layer: {nl: Twee, en: Two}, term: {within: P3D}}
  - {number: 3, function: board, layer: {nl: Drie, en: Three}, term: {within: P5D}}
"""
QUESTION = """\
workflow: question
version: 1
title: {nl: Vraag, en: Question}
subject: question
initial: asked
opening: {title: {nl: Vragen, en: Ask}, by: [rung_holder], effects: [first_rung]}
states:
  asked:
    title: {nl: Gevraagd, en: Asked}
    holder: rung_holder
    term: {named: rung, on_miss: [climb, remind]}
  answered: {title: {nl: Beantwoord, en: Answered}, final: true}
transitions:
  - {name: answer, title: {nl: Antwoord, en: Answer}, from: asked, to: answered, by: [rung_holder]}
  - name: climb
    title: {nl: Klimt, en: Climbs}
    from: asked
    to: same
    by: [clock]
    when: [has_higher_rung, climbs_by_itself]
    effects: [next_rung]
    restarts_term: true
  - name: remind
    title: {nl: Herinnering, en: Reminder}
    from: asked
    to: same
    by: [clock]
    tells: [rung_holders]
    restarts_term: true
    reminder: true
"""
FIGURES = {"figures": "test", "source": "made up"}


def written(folder: Path, text: str) -> Workflow:
    path = folder / "definition.yaml"
    path.write_text(text, encoding="utf-8")
    return load_workflow(path)


def _role(*functions: str) -> Role:
    return Role(lambda situation: True, lambda situation: "", Text(nl="x", en="x"), frozenset(functions))


def desk(folder: Path, figures: dict[str, object] | None = None, **staff: int) -> Given:
    words = Vocabulary(subject="desk", roles={"clerk": _role("clerk")})
    return Given(written(folder, DESK), words, Figures.model_validate({**FIGURES, **(figures or {})}), staff)


def question(folder: Path, stairs: str = STAIRS, **staff: int) -> Given:
    path = folder / "stairs.yaml"
    path.write_text(stairs, encoding="utf-8")
    ladder = load_document(path, Ladder)

    def nothing(situation: object) -> None:
        return None

    words = Vocabulary(
        subject="question",
        roles={"rung_holder": _role("clerk", "head", "board")},
        guards={
            "has_higher_rung": Guard(nothing, rung_rule=RungRule.HELD_ABOVE),
            "climbs_by_itself": Guard(nothing, rung_rule=RungRule.CLIMBS),
        },
        effects={
            "first_rung": Effect(nothing, moves_rung=RungMove.FIRST),
            "next_rung": Effect(nothing, moves_rung=RungMove.UP),
        },
        terms={"rung": lambda subject, at: ladder.rung(subject.rung).term.term()},
        ladder=ladder,
    )
    return Given(written(folder, QUESTION), words, Figures.model_validate(FIGURES), staff)


def shipped(name: str, figures: dict[str, object] | None = None, **staff: int) -> Given:
    folders = rulebook.workflow_folders()
    workflow = next(each for each in load_workflows(folders) if each.workflow == name)
    words = vocabularies(folders)[workflow.subject]
    return Given(workflow, words, Figures.model_validate({**FIGURES, **(figures or {})}), staff)


CLERKS = People({"clerk": 50}, {CLERK: ("clerk",)})


def desk_past(
    count: int, days: Callable[[Random], float], seed: int = 1, per_week: float = 20.0, until: float | None = None
) -> list[Life]:
    """Visitors by chance, each helped (7 of 10) or gone after so many days, or not yet at `until`."""
    chance = Random(seed)
    moment, lives = MONDAY, []
    for _ in range(count):
        moment += chance.expovariate(per_week) * WEEK
        left = moment + days(chance) * DAY
        name, state = ("help", "helped") if chance.random() < 0.7 else ("leave", "gone")
        stay = PastStay("waiting", None, moment)
        life = Life(moment, [stay])
        if until is None or left < until:
            stay.left = PastStep(name, left, CLERK)
            life.stays.append(PastStay(state, None, left))
        lives.append(life)
    return lives
