"""Finding what the pages say: texts that are translated, and texts that were left as they are."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

from babel.messages.extract import extract_from_dir
from jinja2 import Environment, nodes
from jinja2.lexer import Token

from wijkteam.shipped import folder

TEMPLATES = folder("templates")
WEB = Path(__file__).parents[2] / "wijkteam" / "web"
ENVIRONMENT = Environment(autoescape=True, extensions=["jinja2.ext.i18n"])
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "later": None,
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
}
TRANSLATORS = {"_", "later", "gettext", "ngettext", "pgettext"}
SAID_ATTRIBUTES = {"aria-label", "title", "placeholder", "alt", "content"}
WORD = re.compile(r"[^\W\d_]{2,}")
LIKE_A_TEXT = re.compile(r"(?<![a-z])[A-ZÀ-Ý][a-zà-ÿ]|[a-zà-ÿ,.:] +[a-zà-ÿA-Z]")
NO_TEXT = re.compile(
    r"[A-Z][A-Za-z]*(-[A-Z][A-Za-z]*)+|.*(\| None|[a-z]=[\"0-9]).*|use strict.*|Lax|__Host-\w+", re.DOTALL
)
"""Names of headers and cookies, types, and pieces of a page's own marks."""
NOT_SAID = "# not said to people"
"""Written behind a line of Python that only looks as if it holds words for people."""
NAMES = {"wijkteam", "BSN", "CSV", "PDF", "ICS", "AVG", "Awb", "ODS", "XLSX", "SVG", "PNG", "ISO", "NEN"}
"""The same in every language."""


@dataclass(frozen=True)
class Found:
    """A text, and where it stands."""

    text: str
    where: str


def messages() -> dict[str | tuple[str, ...], set[str]]:
    """Every text that is translated, with the files it stands in."""
    found: dict[str | tuple[str, ...], set[str]] = {}
    options = {"extensions": "jinja2.ext.i18n", "trimmed": "true", "newstyle_gettext": "true"}
    for start, method, given in ((TEMPLATES, "jinja2", options), (WEB, "python", {})):
        pattern = "**.html" if method == "jinja2" else "**.py"
        rows = extract_from_dir(
            str(start), method_map=[(pattern, method)], options_map={pattern: given}, keywords=KEYWORDS
        )
        for name, _line, text, _comments, _context in rows:
            found.setdefault(text, set()).add(name)
    return found


class _Texts(HTMLParser):
    """The words between and in the marks of a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            for_machines = tag == "meta" and {"name", "http-equiv"} & set(dict(attrs))
            if name in SAID_ATTRIBUTES and value and not for_machines:
                self.found.append((value, self.getpos()[0]))

    def handle_data(self, data: str) -> None:
        if '="' not in data:  # a part of a mark that is put together elsewhere
            self.found.append((data, self.getpos()[0]))


def _without_code(source: str) -> str:
    """A template with all that Jinja reads taken out, and what stands between trans and endtrans."""
    left: list[str] = []
    tokens: Iterator[Token] = iter(ENVIRONMENT._tokenize(source, None))
    within = block = False
    kept = ""
    for token in tokens:
        if token.type == "block_begin":
            block, kept = True, ""
        elif block and token.type == "name" and not kept:
            kept = str(token.value)
        elif token.type == "block_end":
            block = False
            within = {"trans": True, "endtrans": False}.get(kept, within)
        elif token.type == "data":
            text = str(token.value)
            left.append("\n" * text.count("\n") if within else text)
    return "".join(left)


def bare_texts(path: Path) -> list[Found]:
    """The words of a template that are not translated: between marks, in what is read aloud, and within its code."""
    source = path.read_text(encoding="utf-8")
    name = str(path.relative_to(TEMPLATES))
    parser = _Texts()
    parser.feed(_without_code(source))
    found = [Found(text.strip(), f"{name}:~{line}") for text, line in parser.found if set(WORD.findall(text)) - NAMES]
    tree = ENVIRONMENT.parse(source)
    translated = {
        id(each)
        for call in tree.find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name in TRANSLATORS
        for each in call.find_all(nodes.Const)
    }
    for const in tree.find_all(nodes.Const):
        if (
            isinstance(const.value, str)
            and id(const) not in translated
            and LIKE_A_TEXT.search(const.value)
            and not NO_TEXT.fullmatch(const.value)
        ):
            found.append(Found(const.value, f"{name}:{const.lineno}"))
    return found


def untranslated_strings(path: Path) -> list[Found]:
    """The texts in a module of the pages that look like words for people and go through no translation."""
    source = path.read_text(encoding="utf-8")
    tree, lines = ast.parse(source), source.splitlines()
    skipped: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            skipped.add(id(node.value))  # a docstring
        if isinstance(node, ast.Call) and _is_no_text(node):
            skipped.update(id(each) for each in ast.walk(node) if isinstance(each, ast.Constant))
        if isinstance(node, ast.Assert):
            skipped.update(id(each) for each in ast.walk(node))
    return [
        Found(node.value, f"{path.relative_to(WEB)}:{node.lineno}")
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in skipped
        and LIKE_A_TEXT.search(node.value)
        and not NO_TEXT.fullmatch(node.value)
        and NOT_SAID not in lines[node.lineno - 1]
    ]


PAIRS = {"Text", "Words", "words", "Pair", "WrongFields", "Mistake", "Reason"}
"""What carries both languages by itself."""


def _is_no_text(call: ast.Call) -> bool:
    name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
    owner = call.func.value.id if isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Name) else ""
    return (
        bool({name, owner} & (TRANSLATORS | PAIRS)) or owner in {"re", "log", "session"} or name in {"cast", "TypeVar"}
    )
