"""Whoever chooses English reads English: every text of the pages is there in both languages."""

import ast
import re
from typing import TypeGuard

import pytest
from babel.messages.catalog import Catalog

from tests.language.extracting import TEMPLATES, WEB, bare_texts, messages, untranslated_strings
from wijkteam.web.language import FOLDER, parts, read_part

TEMPLATE_FILES = sorted(TEMPLATES.rglob("*.html"))
PLACES = re.compile(r"%\((\w+)\)[sd]|\{(\w+)\}")

SAME = {"wijkteam", "PDF", "CSV"}
"""Words that are the same in English."""


def catalogues() -> list[Catalog]:
    return [read_part(path) for path in parts("en")]


def translated() -> dict[str | tuple[str, ...], set[str | tuple[str, ...]]]:
    found: dict[str | tuple[str, ...], set[str | tuple[str, ...]]] = {}
    for catalogue in catalogues():
        for message in catalogue:
            if message.id:
                key = tuple(message.id) if isinstance(message.id, list | tuple) else message.id
                said = tuple(message.string) if isinstance(message.string, list | tuple) else message.string
                found.setdefault(key, set()).add(said)
    return found


def test_every_text_that_is_translated_has_its_english() -> None:
    known = translated()
    missing = [f"{sorted(where)[0]}: {text!r}" for text, where in messages().items() if not all(known.get(text, {""}))]
    assert missing == []


def test_no_text_has_two_translations_and_none_is_left_over() -> None:
    known, used = translated(), messages()
    assert [text for text, said in known.items() if len(said) > 1] == []
    assert [text for text in known if text not in used] == []


def test_what_is_filled_in_is_the_same_in_both_languages() -> None:
    for text, said in translated().items():
        for english in said:
            ours = set(PLACES.findall(" ".join(text) if isinstance(text, tuple) else text))
            theirs = set(PLACES.findall(" ".join(english) if isinstance(english, tuple) else english))
            assert ours == theirs, text


@pytest.mark.parametrize("path", TEMPLATE_FILES, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_no_template_says_anything_that_is_not_translated(path) -> None:  # type: ignore[no-untyped-def]
    assert bare_texts(path) == []


API = WEB / "api"
"""What it tells programs (names, its own description) is English alone; what it says to people is told by `Problem`."""


@pytest.mark.parametrize(
    "path",
    sorted(each for each in WEB.rglob("*.py") if API not in each.parents),
    ids=lambda path: str(path.relative_to(WEB)),
)
def test_no_view_says_anything_that_is_not_translated(path) -> None:  # type: ignore[no-untyped-def]
    assert untranslated_strings(path) == []


def test_whatever_a_program_is_told_of_what_went_wrong_is_translated() -> None:
    told = [call for path in API.rglob("*.py") for call in ast.walk(ast.parse(path.read_text())) if is_problem(call)]
    assert told and not [ast.unparse(call) for call in told if isinstance(call.args[1], ast.Constant | ast.JoinedStr)]


def is_problem(node: ast.AST) -> TypeGuard[ast.Call]:
    return isinstance(node, ast.Call) and ast.unparse(node.func) == "Problem" and len(node.args) > 1


def test_translations_are_there() -> None:
    assert (FOLDER / "en").is_dir() and parts("en")
