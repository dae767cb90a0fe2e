"""Reading scenario files: as data with places, shaped, checked against the definitions, all mistakes at once."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from wijkteam import rulebook
from wijkteam.engine.definition import Workflow
from wijkteam.engine.findings import KeyPath
from wijkteam.engine.loading import WrongDefinition, shaped
from wijkteam.engine.nearest import one_of
from wijkteam.engine.reading import Document, Finding, Place, read_document
from wijkteam.scenarios.checking import check_sheet
from wijkteam.scenarios.format import Scenarios
from wijkteam.scenarios.sheet import Known, Sheet

FOLDER = "scenarios"


def files_in(folders: Iterable[Path]) -> list[Path]:
    """The scenario files, those of the municipality's own folder in place of shipped ones of the same name."""
    return rulebook.data_files(folders, FOLDER)


def read_sheets(known: Known, paths: Iterable[Path]) -> list[Sheet]:
    """The scenarios in these files. Raises WrongDefinition with every mistake in all of them."""
    sheets: list[Sheet] = []
    findings: list[Finding] = []
    for path in paths:
        document = _with_lists(read_document(path))
        said = shaped(document, Scenarios)
        workflow = _workflow_of(document, said, known) if said is not None else None
        if said is not None and workflow is not None and not document.findings:
            sheet = Sheet(document, said, workflow)
            check_sheet(sheet, known)
            sheets.append(sheet)
        findings += document.findings
    if findings:
        raise WrongDefinition(findings)
    return sheets


def _workflow_of(document: Document, said: Scenarios, known: Known) -> Workflow | None:
    name = said.scenarios_of
    found = known.workflow(name, said.version)
    if found is not None:
        return found
    if known.workflow(name) is None:
        wrong, right, path = f"there is no workflow '{name}'", one_of(name, known.names()), ("scenarios_of",)
    else:
        there = [str(each.version) for each in known.examined.workflows if each.workflow == name]
        wrong, right, path = (
            f"there is no {name} version {said.version}",
            f"there are: {', '.join(there)}",
            ("version",),
        )
    document.findings.append(document.finding("unknown-name", path, wrong, right))
    return None


def _with_lists(document: Document) -> Document:
    """The document with a list wherever one thing may stand instead of a list of one."""
    wrapped: set[KeyPath] = set()
    for around, path, key in _places_of_lists(document.data):
        value = around.get(key)
        if isinstance(value, dict | str):
            around[key] = [value]
            wrapped.add((*path, key))
    places: dict[KeyPath, Place] = {}
    for path, place in document.places.items():
        cut = next((cut for cut in range(1, len(path)) if path[:cut] in wrapped), None)
        if cut is None:
            places[path] = place
        else:
            places.setdefault((*path[:cut], 0), place)
            places[(*path[:cut], 0, *path[cut:])] = place
    document.places = places
    return document


def _places_of_lists(data: Any) -> Iterator[tuple[dict[str, Any], KeyPath, str]]:
    beginnings = _mapping(_mapping(data).get("beginnings"))
    for name in beginnings:
        yield beginnings, ("beginnings",), name
    for number, scenario in enumerate(_list(_mapping(data).get("scenarios"))):
        yield _mapping(scenario), ("scenarios", number), "given"
        for turn, step in enumerate(_list(_mapping(scenario).get("steps"))):
            for key in ("when", "then"):
                yield _mapping(step), ("scenarios", number, "steps", turn), key


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
