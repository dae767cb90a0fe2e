"""What the handbook gets when it is built: pages made from the program itself, and the documents in docs/*.md.

Settings, commands and the operations of the API are written down from where they are defined, so they cannot be out of
date. Every document beside this file joins under "documents"; files in docs/deploy stand on one page.
"""

import json
import re
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import click
from markupsafe import escape
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

DOCS = Path(__file__).resolve().parent
LINK = re.compile(r"(?<!!)\[([^\]]+)\]\(([^)\s]+)\)")
OTHER = "/in-the-other-language/"
"""Stands for the way to the other language until a page is written: themes do not let a link lead above the site."""
SAID = {
    "made": {"nl": "Naslag", "en": "Reference"},
    "documents": {"nl": "Documenten (Engels)", "en": "Documents"},
    "Per rol": {"nl": "Per rol", "en": "For each role"},
    "Beheer": {"nl": "Beheer", "en": "Administration"},
    "In bedrijf en techniek": {"nl": "In bedrijf en techniek", "en": "Operations and technique"},
    "settings": {"nl": "Alle instellingen", "en": "All settings"},
    "commands": {"nl": "Alle commando's", "en": "All commands"},
    "operations": {"nl": "Alle handelingen van de API", "en": "All operations of the API"},
    "deploy": {"nl": "Bestanden om mee te beginnen", "en": "Files to begin with"},
    "only_english": {"nl": "Deze tekst is er alleen in het Engels.", "en": ""},
    "from_program": {
        "nl": "Deze bladzijde is gemaakt uit het programma zelf; daarom is de tekst Engels.",
        "en": "This page is made from the program itself.",
    },
    "other": {"nl": ("en", "English"), "en": ("nl", "Nederlands")},
}


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Give the parts their title in this language, and add what is made."""
    tongue = config.extra["tongue"]
    nav: list[Any] = []
    for part in config.nav or []:
        nav.append(part if isinstance(part, str) else {_said(title, tongue): pages for title, pages in part.items()})
    nav.append({_said("made", tongue): [f"reference/{name}.md" for name in ("settings", "commands", "operations")]})
    documents = [f"documents/{each.name}" for each in _documents()]
    nav.append({_said("documents", tongue): [*documents, "documents/deploy.md"]})
    config.nav = nav
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that are made and the documents."""
    tongue = config.extra["tongue"]
    made = {
        "reference/settings.md": _settings(tongue),
        "reference/commands.md": _commands(tongue),
        "reference/operations.md": _operations(tongue),
        "documents/deploy.md": _deploy(tongue),
    }
    for each in _documents():
        made[f"documents/{each.name}"] = _document(each, tongue)
    for where, content in made.items():
        files.append(File.generated(config, where, content=content))
    return files


def on_page_context(context: dict[str, Any], *, page: Any, config: MkDocsConfig, **_rest: Any) -> dict[str, Any]:
    """Link each page to the same one in the other language."""
    tongue = config.extra["tongue"]
    lang, name = SAID["other"][tongue]
    other = f"{OTHER}{page.url}"
    own = "Nederlands" if tongue == "nl" else "English"
    config.extra["alternate"] = [
        {"name": own, "link": page.url, "lang": tongue},
        {"name": name, "link": other, "lang": lang},
    ]
    return context


def on_post_page(output: str, *, page: Any, config: MkDocsConfig) -> str:
    """Write the way to the other language as it is from here: English stands in a folder of the Dutch one."""
    up = "../" * page.url.count("/")
    return output.replace(OTHER, f"{up}en/" if config.extra["tongue"] == "nl" else f"{up}../")


def _said(name: str, tongue: str) -> str:
    return str(SAID[name][tongue]) if name in SAID else name


def _documents() -> list[Path]:
    return sorted(DOCS.glob("*.md"))


def _document(path: Path, tongue: str) -> str:
    """A document of docs/, with links that hold in the handbook; its text is as it is."""
    text = LINK.sub(_link, path.read_text())
    note = _said("only_english", tongue)
    title, _line, rest = text.partition("\n")
    return f"{title}\n\n" + (f'!!! note ""\n    {note}\n' if note else "") + rest


def _link(found: re.Match[str]) -> str:
    """A link from docs/ as it is here: to another document, to the page of files, out, or just its words."""
    words, where = found[1], found[2]
    if where.startswith(("http://", "https://", "#")):
        return found[0]
    if where.startswith("deploy/"):
        name = where.removeprefix("deploy/")
        return f"[{words}](deploy.md{f'#{_anchor(name)}' if name else ''})"
    if (DOCS / where.partition("#")[0]).suffix == ".md" and (DOCS / where.partition("#")[0]).parent == DOCS:
        return found[0]
    return words


def _anchor(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def _deploy(tongue: str) -> str:
    lines = [f"# {_said('deploy', tongue)}", ""]
    for each in sorted((DOCS / "deploy").iterdir()):
        lines += [f"## {each.name} {{#{_anchor(each.name)}}}", "", "```text", each.read_text().rstrip(), "```", ""]
    return "\n".join(lines)


def _settings(tongue: str) -> str:
    """Every setting, from the list that the program reads."""
    from wijkteam.storage.known_settings import SETTINGS

    head = {"nl": "| naam | waarvoor | zonder |", "en": "| name | what for | left out |"}[tongue]
    rows = [f"| `{each.name}` | {_cell(each.meaning)} | {_cell(each.left_out)} |" for each in SETTINGS]
    return "\n".join(
        [f"# {_said('settings', tongue)}", "", _said("from_program", tongue), "", head, "|---|---|---|", *rows]
    )


def _commands(tongue: str) -> str:
    """Every command with its own help."""
    from wijkteam.cli import main

    lines = [f"# {_said('commands', tongue)}", "", _said("from_program", tongue), ""]
    for level, path, command in _walk(main, ("wijkteam",)):
        context = click.Context(command, info_name=" ".join(path))
        context.max_content_width = 100
        lines += [f"{'#' * level} {' '.join(path)}", "", "```text", command.get_help(context).rstrip(), "```", ""]
    return "\n".join(lines)


def _walk(command: click.Command, path: tuple[str, ...]) -> Iterator[tuple[int, tuple[str, ...], click.Command]]:
    yield min(len(path) + 1, 4), path, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in sorted(command.list_commands(context)):
            inner = command.get_command(context, name)
            if inner is not None:
                yield from _walk(inner, (*path, name))


def _operations(tongue: str) -> str:
    """Every operation of the API, from its own description."""
    said = _described()
    head = {
        "nl": "| methode en pad | wat | recht | velden (vet: verplicht) |",
        "en": "| method and path | what | scope | fields (bold: required) |",
    }[tongue]
    by_tag: dict[str, list[str]] = {}
    for path, operations in said["paths"].items():
        for method, operation in operations.items():
            scope = str(operation["description"]).removeprefix("Scope: ").rstrip(".")
            cells = (f"`{method.upper()} {path}`", _cell(operation["summary"]), scope, _fields(operation))
            by_tag.setdefault(operation["tags"][0], []).append("| " + " | ".join(cells) + " |")
    lines = [f"# {_said('operations', tongue)}", "", _said("from_program", tongue), ""]
    for tag, rows in by_tag.items():
        lines += [f"## {tag}", "", head, "|---|---|---|---|", *rows, ""]
    return "\n".join(lines)


def _fields(operation: dict[str, Any]) -> str:
    if "requestBody" not in operation:
        return " "
    schema = next(iter(operation["requestBody"]["content"].values()))["schema"]
    required = schema.get("required", ())
    return ", ".join(f"**{name}**" if name in required else name for name in schema.get("properties", {})) or " "


def _cell(words: str) -> str:
    return str(escape(words)).replace("|", "\\|").replace("\n", " ")


@cache
def _described() -> dict[str, Any]:
    """The description of the API, of a house on an empty database."""
    from wijkteam.assembly import build_house
    from wijkteam.keys.ring import KeyRing
    from wijkteam.storage.database import connect
    from wijkteam.storage.schema import upgrade
    from wijkteam.web.app import create_app

    with tempfile.TemporaryDirectory(prefix="wijkteam-") as folder:
        database = connect(f"sqlite:///{folder}/empty.sqlite")
        upgrade(database)
        app = create_app(
            build_house(database, None, KeyRing(Path(folder) / "ring")), "made for one page", "Voorbeeldstad"
        )
        answer = app.test_client().get("/api/v1/openapi.json")
        database.dispose()
    described: dict[str, Any] = json.loads(answer.get_data())
    return described
