"""Mistakes in a scenario are named by file and line, with what would be right, before anything is played."""

from pathlib import Path

import pytest

from tests.scenarios.small_town import SCENARIOS, line_of, own_folder
from wijkteam.engine.loading import WrongDefinition
from wijkteam.scenarios.reading import files_in, read_sheets
from wijkteam.scenarios.sheet import look_around

WRONG = {
    "workflow": ("scenarios_of: escalation", "scenarios_of: escalatoin", "did you mean 'escalation'?"),
    "version": ("scenarios_of: escalation", "version: 9\nscenarios_of: escalation", "there are: 1"),
    "clock": ("clock: 2026-03-02T09:00", "clock: 2026-03-02", "such as 2026-03-02T09:00"),
    "clock that cannot be": ("clock: 2026-03-02T09:00", "clock: 2026-02-30T09:00", "'clock' is not right"),
    "register": ("clock:", "register: dmeo\nclock:", "did you mean 'demo'?"),
    "function": ("function: team_lead", "function: teamlead", "did you mean 'team_lead'?"),
    "key": ("cast:", "kast:", "did you mean 'cast'?"),
    "key of a step": ("giving: {why: Te groot}", "givng: {why: Te groot}", "did you mean 'giving'?"),
    "text in English": ("title: {nl: Antwoord, en: Answer}", "title: {nl: Antwoord}", "'en' is missing"),
    "comma in a text": ("nl: Antwoord,", "nl: Ja, dat kan,", "put quotes around text with a comma"),
    "person": ("{by: teun, take: answer", "{by: teunn, take: answer", "did you mean 'teun'?"),
    "person who is absent": (
        "    given: asked\n    steps:\n      - then: {cannot",
        "    absent: [teun]\n    given: asked\n    steps:\n      - then: {cannot",
        "there is no person here 'teun'",
    ),
    "transition": ("take: pass_up", "take: pas_up", "did you mean 'pass_up'?"),
    "field": ("giving: {why: Te groot}", "giving: {wy: Te groot}", "did you mean 'why'?"),
    "missing field": ("giving: {why: Te groot}", "giving: {}", "'why' is missing"),
    "date": ("next_step_on: 2026-03-03}}", "next_step_on: 3 maart}}", "Not a date, such as 2026-03-31."),
    "date gone by": ("next_step_on: 2026-03-03}}", "next_step_on: 2026-03-01}}", "Choose today or a later day."),
    "choice": ("barrier: housing", "barrier: houses", "Choose one from the list."),
    "kind of subject": ("open: escalation", "open: escalations", "did you mean 'escalation'?"),
    "parent": ("in: household_case", "in: housecase", "did you mean 'household_case'?"),
    "no parent": ("      in: household_case\n", "", "in which household_case?"),
    "beginning": ("    - case\n", "    - cases\n", "did you mean 'case'?"),
    "beginning that begins with itself": ("    - case\n", "    - asked\n", "'asked' begins with itself"),
    "time that runs back": ("until: 2026-03-05T09:00", "until: 2026-03-01T09:00", "the clock never runs back"),
    "time without end": ("until: 2026-03-05T09:00", "pass: P90Y", "the clock runs at most 10 years"),
    "length": ("until: 2026-03-05T09:00", "pass: three days", "'pass' is not right"),
    "two things at once": ("{until: 2026-03-05T09:00}", "{until: 2026-03-05T09:00, take: answer}", "one thing happens"),
    "nobody acts": ("{by: teun, take: take_note}", "{take: take_note}", "say who does it"),
    "key that does not go along": ("{until: 2026-03-05T09:00}", "{until: 2026-03-05T09:00, by: teun}", "by does not"),
    "state": ("state: answered", "state: anwsered", "did you mean 'answered'?"),
    "kept value": ("fields: {answer: Ja}", "fields: {answr: Ja}", "did you mean 'answer'?"),
    "told": ("told: [fenna]}", "told: [fena]}", "did you mean 'fenna'?"),
    "person who can": ("can: {petra: answer}", "can: {peter: answer}", "did you mean 'petra'?"),
    "what cannot": (
        "cannot: {fenna: {resolve: kan niet}}",
        "cannot: {fenna: {resolv: niet}}",
        "did you mean 'resolve'?",
    ),
    "history": ("history: [open, climb]", "history: [open, clim]", "did you mean 'climb'?"),
    "due": ("due: 2026-03-09", "due: maandag", "write a day such as 2026-03-05"),
    "refusal": ("refused: blocked", "refused: no", "is not one of the choices for 'refused'"),
    "refusal of nothing": ("- then: {cannot:", "- then: {refused: blocked, cannot:", "nobody tries anything here"),
    "because of nothing": ("{refused: blocked, because:", "{state: asked, because:", "because goes with refused"),
    "no expectation": ("then: {cannot: {fenna: {answer: Teamleider}}}", "then: {of: escalation}", "what must be so"),
    "subject": (
        "then: {cannot: {fenna: {ans",
        "then: {of: escalatie, cannot: {fenna: {ans",
        "did you mean 'escalation'?",
    ),
    "twice the same name": ("- name: passed_up", "- name: silence_climbs", "'silence_climbs' is used twice"),
    "opened twice": ("    - case\n", "    - case\n    - case\n", "'household_case' was opened before"),
}
ELSEWHERE = {
    "text in English": "title: {nl: Antwoord",
    "comma in a text": "nl: Ja",
    "person who is absent": "{by: teun, take: take_note}",
    "no parent": "    - by: fenna\n      open: escalation",
    "version": "version: 9",
    "register": "register: dmeo",
    "twice the same name": "- name: silence_climbs\n    title: {nl: Hogerop",
    "opened twice": "by: fenna\n    open: household_case",
    "nobody acts": "{take: take_note}",
}
"""Where the finding points when it is not where the scenario was broken."""


def findings(path: Path, text: str) -> list[str]:
    place = own_folder(path, text)
    known = look_around((place,))
    with pytest.raises(WrongDefinition) as wrong:
        read_sheets(known, files_in((place,)))
    return [str(each).removeprefix(f"{place}/scenarios/") for each in wrong.value.findings]


@pytest.mark.parametrize(("name", "right", "wrong", "said"), [(name, *each) for name, each in WRONG.items()], ids=WRONG)
def test_a_mistake_is_named_at_its_line_with_what_would_be_right(
    tmp_path: Path, name: str, right: str, wrong: str, said: str
) -> None:
    text = SCENARIOS.replace(right, wrong, 1)
    assert text != SCENARIOS
    found = findings(tmp_path, text)
    line = line_of(text, ELSEWHERE.get(name, wrong))
    assert any(each.startswith(f"escalation.yaml:{line}: ") and said in each for each in found), (line, found)


def test_all_mistakes_are_named_at_once(tmp_path: Path) -> None:
    text = SCENARIOS.replace("state: answered", "state: a").replace("take: pass_up", "take: b")
    assert len(findings(tmp_path, text)) == 2


def test_a_scenario_that_expects_nothing_is_refused(tmp_path: Path) -> None:
    text = SCENARIOS.replace("        then: {state: asked, fields: {rung: 2, highest_rung: 2}}\n", "")
    assert any("a scenario without then proves nothing" in each for each in findings(tmp_path, text))


@pytest.mark.parametrize(
    "text", ["", "scenarios_of: [", "a: &x 1\nb: *x\n", "scenarios: 3\n", "scenarios: [1, {steps: [2]}]"]
)
def test_what_is_no_scenario_file_is_refused_in_plain_lines(tmp_path: Path, text: str) -> None:
    assert findings(tmp_path, text)
