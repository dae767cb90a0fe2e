"""Making PDF documents that are accessible (PDF/UA-1) and fit for the archive (PDF/A-2a), from a template and data."""

import json
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

import typst

from wijkteam.shipped import folder
from wijkteam.storage.settings import read_settings

STANDARDS: list[Literal["a-2a", "ua-1"]] = ["a-2a", "ua-1"]
"""PDF/A-2a is the newest archive form that goes together with PDF/UA-1 and takes no attachments."""
UNSHOWN = re.compile(r'the (?:text|codepoint) `"(?P<signs>[^`]*)"`|codepoint `"(?P<code>[^`]*)"`')
ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
PLACE = re.compile(r"┌─ (?P<place>\S+:\d+:\d+)")
MOST_ROUNDS = 3


class WrongTemplate(Exception):
    """A template cannot be made into a PDF; the message is one line with file, line and column."""


def make_pdf(template: str, data: Mapping[str, Any], own: Path | None = None, page_as_png: bool = False) -> bytes:
    """A PDF of a template in `templates/documents/`, such as decision.typ, with the data that it asks for.

    The municipality's own folder goes first: a file in it stands in the place of the shipped one of its name, also
    for what templates import, and its folder `fonts` is searched for typefaces. `own` left out means the folder of
    the settings (WIJKTEAM_TEMPLATES). The template reads the data as JSON, so nothing in it is ever read as markup.
    The date of the document is `data["date"]` (ISO), and the same data gives the same bytes. Signs that no typeface
    has are shown as �, for a document that tells nearly all is better than none. With `page_as_png` the first page
    comes back as a picture instead. Raises WrongTemplate.
    """
    own = own or read_settings().templates
    with _laid_over(own) as place:
        if not (place / template).is_file():
            raise WrongTemplate(f"there is no template {template} in {_places(own)}")
        return _compile(place, template, json.dumps(data, ensure_ascii=False, sort_keys=True, default=str), page_as_png)


@contextmanager
def _laid_over(own: Path | None) -> Iterator[Path]:
    """A folder with the shipped templates, and the municipality's own in the place of those of the same name."""
    with TemporaryDirectory(prefix="wijkteam-") as made:
        place = Path(made)
        try:
            for source in (_shipped(), own):
                if source is not None:
                    shutil.copytree(source, place, dirs_exist_ok=True)
        except (OSError, shutil.Error) as error:
            raise WrongTemplate(f"the templates in {_places(own)} cannot be read: {error}") from error
        yield place


def _shipped() -> Path:
    return folder("templates") / "documents"


def _places(own: Path | None) -> str:
    return f"{own} or {_shipped()}" if own else str(_shipped())


def _compile(place: Path, template: str, data: str, page_as_png: bool) -> bytes:
    fonts = [str(place / "fonts")] if (place / "fonts").is_dir() else []
    compiler = typst.Compiler(str(place / template), root=str(place), font_paths=fonts, ignore_system_fonts=True)
    for _ in range(MOST_ROUNDS):
        try:
            made = compiler.compile(
                sys_inputs={"data": data},
                timestamp=_moment(data),
                **({"format": "png", "ppi": 96} if page_as_png else {"format": "pdf", "pdf_standards": STANDARDS}),
            )
        except typst.TypstError as error:
            shown = _without(data, _unshown(error))
            if shown == data:
                raise WrongTemplate(_one_line(error, place.name, template)) from error
            data = shown
        else:
            pages = made if isinstance(made, list) else [made]
            return bytes(pages[0] or b"")
    raise WrongTemplate(f"{template}: these words cannot be shown with the typefaces that there are")


def _moment(data: str) -> datetime:
    day = json.loads(data).get("date")
    return (
        datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC) if day else datetime(2000, 1, 1, tzinfo=UTC)
    )


def _unshown(error: typst.TypstError) -> set[str]:
    """The signs that no typeface has, as the error tells of them."""
    found: set[str] = set()
    for each in UNSHOWN.finditer(error.diagnostic):
        told = each["signs"] or each["code"] or ""
        found.update(ESCAPED.sub(lambda code: chr(int(code[1], 16)), told))
    return found - set(" \n")


def _without(data: str, signs: set[str]) -> str:
    """The same JSON, with these signs shown as �; JSON itself is written in signs that every typeface has."""

    def shown(value: Any) -> Any:
        match value:
            case str():
                return "".join("\ufffd" if sign in signs else sign for sign in value)
            case dict():
                return {name: shown(each) for name, each in value.items()}
            case list():
                return [shown(each) for each in value]
        return value

    return json.dumps(shown(json.loads(data)), ensure_ascii=False, sort_keys=True)


def _one_line(error: typst.TypstError, laid_over: str, template: str) -> str:
    """What is wrong and where, by the name that the file has in the folder of templates."""
    found = PLACE.search(error.diagnostic)
    place = found["place"].rpartition(f"{laid_over}/")[2] if found else template
    hints = f" ({'; '.join(error.hints)})" if error.hints else ""
    return f"{place}: {error.message}{hints}".replace("\n", " ")
