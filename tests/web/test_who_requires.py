"""Every question of every form says who requires it: the law (and where), the municipality, or nobody; none is asked
twice in a form, and none asks how long something took."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask import Flask
from pydantic import ValidationError

from tests.access.matrix.dossiers import dossiers, two_teams
from tests.access.matrix.test_matrix import browsers, methods, path, rules
from tests.conftest import Town
from wijkteam.engine.forms import FormTable
from wijkteam.engine.loading import WrongDefinition
from wijkteam.rulebook import read_forms, workflow_folders
from wijkteam.web.app import create_app

WALKERS = ("fenna", "teun", "mo", "bea", "olga", "ada", "pia", "gijs")
NO_QUESTION = {"hidden", "submit", "button"}
VOID = {"input", "br", "img", "link", "meta", "hr", "line", "circle"}
TIME_SPENT = re.compile(r"\b(uren|minuten|bestede tijd|tijdsbesteding|hoeveel tijd|hours|minutes|time spent)\b", re.I)
PLANNED = {"lasts": "how long an appointment will take, for the calendar", "length": "for how long glass is broken"}
"""Fields that ask for a length of time, and why that is no registration of time."""


@dataclass
class Tag:
    """An element that is still open, within a form."""

    name: str
    asks: list[str] = field(default_factory=list)
    """Controls in it of which no element around them said yet who requires them."""


class Questions(HTMLParser):
    """The questions of all forms on a page that send something, and those that do not say who requires them."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[Tag] = []
        self.action = ""
        self.untold: list[str] = []
        self.seen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag == "form" and (said.get("method") or "").lower() == "post":
            self.action, self.open = said.get("action") or "", [Tag("form")]
        if not self.open:
            return
        if tag in ("input", "select", "textarea") and said.get("type") not in NO_QUESTION and "hidden" not in said:
            self.seen += 1
            self.open[-1].asks.append(said.get("id") or said.get("name") or "?")
        if "data-basis" in said:
            told = next(each for each in reversed(self.open) if each.asks or each.name in ("div", "fieldset", "form"))
            told.asks.append("")
        if tag not in VOID and tag != "form":
            self.open.append(Tag(tag))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or tag in VOID:
            return
        while self.open:
            ended = self.open.pop()
            asks = [] if "" in ended.asks else ended.asks
            if ended.name == "form":
                self.untold += asks
            elif self.open:
                self.open[-1].asks += asks
            if ended.name == tag:
                break


@pytest.fixture
def app(town: Town) -> Flask:
    made = create_app(town.house, "a key for tests", "Voorbeeldstad")
    made.config["WTF_CSRF_ENABLED"] = False
    return made


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_question_of_every_form_says_who_requires_it(app: Flask, town: Town) -> None:
    two_teams(town)
    found = dossiers(town)
    town.close()
    untold: dict[str, set[str]] = {}
    seen = 0
    people = browsers(app, town, WALKERS)
    people["nobody"] = app.test_client()
    for rule in rules(app):
        if "GET" not in methods(rule) or rule.endpoint == "static":
            continue
        made = path(app, rule, found[0].ids)
        for browser in people.values() if made else ():
            answer = browser.get(made)
            if answer.status_code != 200 or answer.mimetype != "text/html":
                continue
            questions = Questions()
            questions.feed(answer.text)
            seen += questions.seen
            untold.setdefault(rule.endpoint, set()).update(questions.untold)
    assert seen > 1000
    missing = sorted(f"{endpoint} {question}" for endpoint, each in untold.items() for question in each)
    assert not missing, "\n".join(missing)


def test_no_field_of_any_definition_asks_how_much_time_was_spent(town: Town) -> None:
    engine = town.house.engine
    found = [
        f"{kind}.{name}"
        for kind in town.house.surroundings.vocabularies
        for name, asked in engine.workflow(kind).fields.items()
        if name not in PLANNED and TIME_SPENT.search(f"{name} {asked.title.nl} {asked.title.en}")
    ]
    assert found == []


@pytest.mark.parametrize("entry", [{"basis": "law"}, {"basis": "local", "article": "Awb 3:46"}, {"basis": "perhaps"}])
def test_the_table_of_forms_names_an_article_where_the_law_asks_and_nowhere_else(entry: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        FormTable.model_validate({"forms": [{"ids": "xx-", "fields": {"why": entry}}]})


def test_the_table_of_forms_names_definitions_that_there_are(tmp_path: Path) -> None:
    (tmp_path / "forms").mkdir()
    (tmp_path / "forms" / "required.yaml").write_text("forms:\n  - {ids: xx-, of: bestaat_niet}\n", encoding="utf-8")
    with pytest.raises(WrongDefinition, match="bestaat_niet"):
        read_forms((tmp_path, *workflow_folders()), {"track": None})
