"""The one style sheet of the pages: the look in force, the components of NL Design System in use, and our own.

It is put together once, when the application is made, and served under a name that changes with its contents, so that a
browser fetches it once and never asks again. Scripts get such a name too (`?v=`).
"""

import hashlib
import re
from functools import cache
from pathlib import Path
from typing import Any

import tinycss2
from flask import Blueprint, Flask, Response, abort, current_app, request, url_for

from wijkteam.looks import Look, read_look

pages = Blueprint("styles", __name__)
STATIC = Path(__file__).parent / "static"
FOR_EVER = "public, max-age=31536000, immutable"
ASK_FIRST = "no-cache"
USED = frozenset({"utrecht-document", "utrecht-table", "utrecht-textbox", "utrecht-textarea", "utrecht-select"})
"""The classes of NL Design System on our pages; rules about others stay at home."""
CLASS = re.compile(r"\.([\w-]+)")
TOKEN = re.compile(r"var\(\s*(--[\w-]+)")
NOTICE = (
    "/* Components of NL Design System, tokens of its example theme: see vendor/*-licence.md */\n"  # not said to people
)
DARK = "@media screen and (prefers-color-scheme: dark) {\n"  # not said to people


class Sheet:
    """A style sheet and the mark that changes with it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.mark = hashlib.sha256(text.encode()).hexdigest()[:16]


def sheet_of(look: Look) -> Sheet:
    """Everything that pages of this look need, in the order in which later rules win."""
    components = _components()
    parts = (
        NOTICE,
        _block(look.light),
        DARK + _block(look.dark) + "}\n",
        _tokens_for(components, {**_example_tokens(), **look.tokens}),
        components,
        _without_comments((STATIC / "wijkteam.css").read_text(encoding="utf-8")),
        _without_comments((STATIC / "pictures.css").read_text(encoding="utf-8")),
    )
    return Sheet("".join(parts))


def _block(colours: Any) -> str:
    return ":root { " + " ".join(f"--{name}: {value};" for name, value in sorted(colours.items())) + " }\n"


@cache
def _components() -> str:
    """The rules of the fetched components that are about classes in use."""
    kept = []
    text = (STATIC / "vendor" / "components.css").read_text(encoding="utf-8")
    for rule in tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True):
        if rule.type != "qualified-rule":
            continue
        selectors = [each.strip() for each in tinycss2.serialize(rule.prelude).split(",")]
        ours = [each for each in selectors if set(CLASS.findall(each)) <= USED]
        if ours:
            declared = re.sub(r"\s+", " ", tinycss2.serialize(rule.content)).strip()
            kept.append(f"{', '.join(ours)} {{ {declared} }}\n")
    return "".join(kept)


@cache
def _example_tokens() -> dict[str, str]:
    """The tokens of the example theme, of which what a municipality does not say is taken."""
    text = (STATIC / "vendor" / "theme.css").read_text(encoding="utf-8")
    return {name: value.strip() for name, value in re.findall(r"(--[\w-]+)\s*:\s*([^;]+);", text)}


def _tokens_for(css: str, tokens: dict[str, str]) -> str:
    """The tokens that these rules use, and those that they stand for in turn."""
    wanted = set(TOKEN.findall(css))
    found: dict[str, str] = {}
    while wanted:
        name = wanted.pop()
        if name in found or name not in tokens or not FIT.fullmatch(tokens[name]):
            continue
        found[name] = tokens[name]
        wanted |= set(TOKEN.findall(tokens[name]))
    return ":root { " + " ".join(f"{name}: {value};" for name, value in sorted(found.items())) + " }\n"


FIT = re.compile(r"""[\w\s#%.,"'()*/+-]{0,500}""")
"""What a value may be made of: nothing that ends a declaration, begins another, or fetches anything with a scheme."""


def _without_comments(css: str) -> str:
    return re.sub(r"/\*.*?\*/\s*", "", css, flags=re.DOTALL)


@cache
def _shipped_sheet() -> Sheet:
    return sheet_of(read_look(None))


@cache
def mark_of(name: str) -> str:
    """The mark of a static file; empty for one that is not there."""
    path = STATIC / name
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16] if path.is_file() else ""


def sheet() -> Sheet:
    """The style sheet of this application."""
    found: Sheet = current_app.extensions["sheet"]
    return found


def address_of_sheet() -> str:
    """Where the style sheet is to be had."""
    return url_for("styles.one", mark=sheet().mark)


@pages.get("/static/look/<mark>.css")
def one(mark: str) -> Response:
    """The style sheet under the mark of its contents; an old mark, of a page still open, gets what is there now."""
    if not re.fullmatch(r"[0-9a-f]{16}", mark):
        abort(404)
    answer = Response(sheet().text, content_type="text/css; charset=utf-8")
    answer.headers["Cache-Control"] = FOR_EVER if mark == sheet().mark else ASK_FIRST
    return answer


def register(app: Flask, look: Look | None = None) -> None:
    """Let the pages of this app have this look; the one that comes along unless said otherwise."""
    app.extensions["sheet"] = _shipped_sheet() if look is None else sheet_of(look)
    app.register_blueprint(pages)
    app.jinja_env.globals["style_sheet"] = address_of_sheet

    @app.url_defaults
    def with_mark(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static" and "v" not in values and mark_of(values.get("filename", "")):
            values["v"] = mark_of(values["filename"])

    @app.after_request
    def keep(answer: Response) -> Response:
        if request.endpoint == "static" and answer.status_code < 400:
            marked = request.args.get("v") == mark_of((request.view_args or {}).get("filename", "")) != ""
            answer.headers["Cache-Control"] = FOR_EVER if marked else ASK_FIRST
        return answer
