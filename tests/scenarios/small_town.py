"""A folder of definitions that tests may change, with one scenario file of their own."""

import shutil
from pathlib import Path

from wijkteam.scenarios.databases import SqliteDatabases
from wijkteam.scenarios.reading import files_in, read_sheets
from wijkteam.scenarios.running import Run, run
from wijkteam.scenarios.sheet import look_around
from wijkteam.shipped import folder

SCENARIOS = """\
scenarios_of: escalation
title: {nl: Opschaling, en: Escalation}
clock: 2026-03-02T09:00
cast:
  fenna: {function: best_person, team: Een}
  teun: {function: team_lead, team: Een}
  petra: {function: process_director}
beginnings:
  case:
    by: fenna
    open: household_case
    giving: {who_or_where: Straat 1, what_is_going_on: Huur, next_step: Bellen, next_step_on: 2026-03-03}
  asked:
    - case
    - by: fenna
      open: escalation
      in: household_case
      giving: {question: Een woning, barrier: housing, kind: question}
scenarios:
  - name: silence_climbs
    title: {nl: Stilte klimt, en: Silence climbs}
    given: asked
    steps:
      - when: {until: 2026-03-05T09:00}
        then:
          state: asked
          fields: {rung: 2}
          told: [fenna, teun, petra]
          due: 2026-03-09
          can: {petra: answer}
          can_only: {teun: [attach, safety_now]}
          cannot: {fenna: {resolve: kan niet}}
          history: [open, climb]
  - name: passed_up
    title: {nl: Hogerop, en: Passed up}
    given: asked
    steps:
      - when: {by: fenna, take: pass_up, giving: {why: Te groot}}
        then: {state: asked, fields: {rung: 2, highest_rung: 2}}
  - name: answered
    title: {nl: Antwoord, en: Answer}
    given: asked
    steps:
      - then: {cannot: {fenna: {answer: Teamleider}}}
      - when: {by: teun, take: take_note}
        then: {refused: blocked, because: antwoord gevraagd}
      - when: {by: teun, take: answer, giving: {answer: Ja, next_step: Bellen, next_step_on: 2026-03-03}}
        then: {state: answered, fields: {answer: Ja}, told: [fenna]}
"""


def own_folder(path: Path, scenarios: str = SCENARIOS) -> Path:
    """A copy of the shipped folder with only these scenarios."""
    place = path / "workflows"
    shutil.copytree(folder("workflows"), place, ignore=shutil.ignore_patterns("scenarios"))
    (place / "scenarios").mkdir()
    (place / "scenarios" / "escalation.yaml").write_text(scenarios, encoding="utf-8")
    return place


def change(place: Path, name: str, right: str, wrong: str) -> None:
    """Put something else in a definition; what is replaced must stand there once."""
    path = place / f"{name}.yaml"
    text = path.read_text(encoding="utf-8")
    assert text.count(right) == 1, (right, text.count(right))
    path.write_text(text.replace(right, wrong), encoding="utf-8")


def played(place: Path, scratch: Path) -> Run:
    """The scenarios of a folder, played on its definitions."""
    known = look_around((place,))
    return run(read_sheets(known, files_in((place,))), known, SqliteDatabases(scratch), known.names())


def line_of(text: str, part: str) -> int:
    """The line on which a part of a text begins."""
    return text[: text.index(part)].count("\n") + 1
