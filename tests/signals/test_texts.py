"""What residents read: every language says all of it, and no status is without an action, who does it and a day."""

import re
from pathlib import Path

import pytest
import yaml

from wijkteam.engine.loading import WrongDefinition
from wijkteam.engine.reading import read_document
from wijkteam.rulebook import read_languages, read_signal_table, workflow_folders
from wijkteam.shipped import folder
from wijkteam.signals.acting import RESIDENT
from wijkteam.signals.languages import gaps

LANGUAGES = read_languages(workflow_folders())
TABLE = read_signal_table(workflow_folders())
WORKFLOWS = {
    name: yaml.safe_load((folder("workflows") / f"{name}.yaml").read_text(encoding="utf-8"))
    for name in ("resident_signal", "conduct_complaint")
}
NOT_TOLD = {
    "resident_signal": {
        "as_worry": "goes with giving it",
        "tell_back": "told in another way: only without a code",
        "cannot_tell": "only without a code",
        "put_in_dutch": "changes nothing for who wrote it",
        "remind": "told as what is late",
        "let_rest": "told as when it ended",
    },
    "conduct_complaint": {
        "confirm_receipt": "only for who has no code: on the page it is confirmed at once",
        "put_in_dutch": "changes nothing for who wrote it",
        "remind": "told as what is late",
        "let_rest": "told as when it ended",
    },
}
"""Steps of which a resident reads nothing, and why."""


def test_these_languages_are_there_and_who_checked_them_is_said() -> None:
    assert list(LANGUAGES) == ["nl", "en", "tr", "ar", "pl"]
    assert {code for code, each in LANGUAGES.items() if not each.checked} == {"tr", "ar", "pl"}
    assert [code for code, each in LANGUAGES.items() if each.direction == "rtl"] == ["ar"]


@pytest.mark.parametrize("name", WORKFLOWS)
def test_every_state_says_what_is_done_by_whom_and_by_which_day(name: str) -> None:
    for language in LANGUAGES.values():
        told = language.now[name]
        assert set(told) == set(WORKFLOWS[name]["states"])
        for state, words in told.items():
            holder = WORKFLOWS[name]["states"][state].get("holder")
            mine = holder == RESIDENT or state in ("withdrawn", "settled")
            assert gaps(words) >= ({"day"} if mine else {"who", "day"}), (language.language, state)


@pytest.mark.parametrize("name", WORKFLOWS)
def test_every_step_is_told_to_the_resident_or_it_is_said_why_not(name: str) -> None:
    steps = {each["name"] for each in WORKFLOWS[name]["transitions"]} | {"open"}
    theirs = {each["name"] for each in WORKFLOWS[name]["transitions"] if each["by"] == [RESIDENT]}
    for language in LANGUAGES.values():
        assert set(language.done[name]) | set(NOT_TOLD[name]) == steps
        assert set(language.done[name]) & set(NOT_TOLD[name]) == set()
        assert all("who" in gaps(words) for words in language.done[name].values())
        assert set(language.steps[name]) == theirs


@pytest.mark.parametrize("name", WORKFLOWS)
def test_no_step_is_both_the_residents_and_the_clocks_so_that_the_chain_says_who_acted(name: str) -> None:
    for each in WORKFLOWS[name]["transitions"]:
        assert not (RESIDENT in each["by"] and {"clock", "parent", "children"} & set(each["by"])), each["name"]


def test_whatever_a_resident_is_asked_or_told_has_words_in_every_language() -> None:
    for name, workflow in WORKFLOWS.items():
        for each in workflow["transitions"]:
            if each["by"] == [RESIDENT]:
                asked = {*each.get("asks", ()), *each.get("may_ask", ())}
                for language in LANGUAGES.values():
                    assert asked <= set(language.fields), (name, each["name"])
        for field, known in workflow["fields"].items():
            for language in LANGUAGES.values():
                if field in language.choices:
                    assert set(language.choices[field]) == set(known["choices"])
    for language in LANGUAGES.values():
        assert set(language.kinds) == set(TABLE.kinds)


def test_no_text_says_that_it_is_being_worked_on() -> None:
    places = [
        *(folder("workflows") / "texts" / "residents").glob("*.yaml"),
        *(folder("templates") / "public").glob("*"),
    ]
    assert len(places) > 8
    for path in places:
        assert TABLE.says_nothing(path.read_text(encoding="utf-8")) is None, path
    for name, workflow in WORKFLOWS.items():
        for state, said in workflow["states"].items():
            assert TABLE.says_nothing(said["title"]["nl"]) is None, (name, state)


def test_templates_for_residents_hold_no_words_of_their_own() -> None:
    for path in (folder("templates") / "public").glob("*.html"):
        bare = re.sub(r"{#.*?#}|{%.*?%}|{{.*?}}|<[^>]*>", " ", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        assert not re.search(r"[A-Za-z]{2,}", bare), (path.name, bare.split())


def copied(folder_to: Path, change: tuple[str, str]) -> Path:
    place = folder_to / "texts" / "residents"
    place.mkdir(parents=True)
    text = (folder("workflows") / "texts" / "residents" / "tr.yaml").read_text(encoding="utf-8")
    assert change[0] in text
    (place / "tr.yaml").write_text(text.replace(*change, 1), encoding="utf-8")
    return folder_to


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("  send: Gönder\n", ""), "send is missing"),
        (("  send: Gönder\n", "  send: Gönder\n  more_than_that: x\n"), "more_than_that is nothing that Dutch says"),
        (("Bunu yapan: {who}. En geç {day}.'", "En geç {day}.'"), "must leave the same open as Dutch"),
        (("  - Kızgın olsanız bile kibar kalın.\n", ""), "as many things as Dutch"),
    ],
)
def test_a_language_that_says_less_more_or_something_else_is_refused(
    tmp_path: Path, change: tuple[str, str], said: str
) -> None:
    own = copied(tmp_path, change)
    with pytest.raises(WrongDefinition) as wrong:
        read_languages((own, *workflow_folders()))
    assert said in str(wrong.value)


def test_a_language_is_added_by_adding_a_file(tmp_path: Path) -> None:
    own = copied(tmp_path, ("language: tr", "language: uk"))
    (own / "texts" / "residents" / "tr.yaml").rename(own / "texts" / "residents" / "uk.yaml")
    assert list(read_languages((own, *workflow_folders()))) == ["nl", "en", "tr", "uk", "ar", "pl"]
    assert read_document(own / "texts" / "residents" / "uk.yaml") is not None
