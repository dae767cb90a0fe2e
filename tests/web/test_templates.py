"""What templates name is there: a page is not the first to find out that it is not."""

from pathlib import Path

from jinja2 import nodes

from tests.conftest import Town
from tests.language.extracting import TEMPLATES
from tests.signed_in import client

BY_NAME = {"map": "filter", "select": "test", "reject": "test", "selectattr": "test", "rejectattr": "test"}
"""Filters that take the name of another filter or test as a text, which nothing looks up before they are used."""


def named(tree: nodes.Template) -> set[tuple[str, str]]:
    """Every filter and test that a template names as a text."""
    found = set()
    for each in tree.find_all(nodes.Filter):
        given = each.args[1:] if each.name.endswith("attr") else each.args
        if each.name in BY_NAME and given and isinstance(given[0], nodes.Const):
            found.add((BY_NAME[each.name], str(given[0].value)))
    return found


def test_every_filter_and_test_that_a_template_names_as_a_text_is_there(town: Town) -> None:
    environment = client(town, "fenna").application.jinja_env
    known = {"filter": environment.filters, "test": environment.tests}
    wrong = [
        f"{path.relative_to(Path(TEMPLATES))}: no {kind} {name}"
        for path in sorted(TEMPLATES.rglob("*.html"))
        for kind, name in sorted(named(environment.parse(path.read_text(encoding="utf-8"))))
        if name not in known[kind]
    ]
    assert wrong == []
