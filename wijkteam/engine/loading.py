"""Loading definitions: read, extended, shaped and checked, with everything found in them by file and line."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from wijkteam.engine.checking import check_families, check_ladder, check_workflow
from wijkteam.engine.checks.surroundings import Surroundings
from wijkteam.engine.definition import Text, Workflow
from wijkteam.engine.extending import Key, extended, key_of
from wijkteam.engine.findings import KeyPath, Severity
from wijkteam.engine.ladder import Ladder
from wijkteam.engine.nearest import one_of
from wijkteam.engine.reading import LONGEST_SHOWN, MOST_FINDINGS, Document, Finding, read_document

Model = TypeVar("Model", bound=BaseModel)


class WrongDefinition(Exception):
    """Definitions hold mistakes; `findings` names all of them."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = sorted(set(findings))
        super().__init__("\n".join(str(finding) for finding in self.findings))


@dataclass
class Examined:
    """What is in a set of definition files: the workflows that could be read, and everything found."""

    workflows: list[Workflow] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    documents: dict[Key, Document] = field(default_factory=dict)
    """Where each workflow stands, by name and version."""

    @property
    def mistakes(self) -> list[Finding]:
        """The findings for which a definition is refused."""
        return [each for each in self.findings if each.severity is Severity.MISTAKE]


def load_document(path: Path, model: type[Model]) -> Model:
    """A data file, such as a ladder or a list. Raises WrongDefinition."""
    document = read_document(path)
    found = shaped(document, model)
    if found is None or document.findings:
        raise WrongDefinition(document.findings)
    return found


def load_workflow(path: Path, surroundings: Surroundings | None = None) -> Workflow:
    """One definition, fully checked. Raises WrongDefinition with every mistake in it."""
    examined = examine([path], surroundings)
    if examined.mistakes:
        raise WrongDefinition(examined.mistakes)
    return examined.workflows[0]


def load_workflows(folders: Iterable[Path], surroundings: Surroundings | None = None) -> list[Workflow]:
    """Every definition in these folders. Raises WrongDefinition with every mistake in all of them."""
    examined = examine(list(folders), surroundings)
    if examined.mistakes:
        raise WrongDefinition(examined.mistakes)
    return examined.workflows


def examine(paths: Iterable[Path], surroundings: Surroundings | None = None, library: Iterable[Path] = ()) -> Examined:
    """Everything that these files, or the files in these folders, hold; never raises for what is in them.

    Definitions in `library`, and those beside a file, can be extended without being examined themselves.
    """
    empty: list[Finding] = []
    documents: list[Document] = []
    for path in paths:
        files = _definitions_in(path) if _is_folder(path) else [path]
        if not files and not any(path.glob("*/*.yaml")):
            right = "put *.yaml definitions in it"
            empty.append(Finding(str(path), 1, "no-definitions", "holds no workflows", right))
        documents += [read_document(file) for file in files]
    examined = examine_documents(documents, surroundings, _by_key(documents, library))
    examined.findings = sorted({*empty, *examined.findings})
    return examined


def examine_documents(
    documents: Iterable[Document], surroundings: Surroundings | None = None, bases: Mapping[Key, Document] | None = None
) -> Examined:
    """Everything that definitions hold which were read already; `bases` can be extended by them."""
    examined = Examined()
    seen: dict[Key, Document] = {}
    whole: list[tuple[Workflow, Document]] = []
    for document in documents:
        complete = extended(document, bases or {})
        workflow = shaped(complete, Workflow)
        if workflow is not None:
            _check(workflow, complete, surroundings)
            _check_alone(complete, seen)
            whole.append((workflow, complete))
        examined.findings += complete.findings
    examined.workflows = [workflow for workflow, _ in whole]
    examined.documents = {(workflow.workflow, workflow.version): document for workflow, document in whole}
    examined.findings += _check_families(examined, surroundings)
    examined.findings = sorted(set(examined.findings))
    return examined


def examine_ladder(path: Path, surroundings: Surroundings) -> list[Finding]:
    """Everything found in one ladder; never raises for what is in it."""
    document = read_document(path)
    ladder = shaped(document, Ladder)
    if ladder is not None:
        for each in check_ladder(ladder, surroundings):
            document.findings.append(document.finding(each.kind, each.path, each.wrong, each.right, each.shown_by))
    return document.findings


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # a path that no system could have, such as one that is too long
        return False


def _definitions_in(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.yaml"))


def _by_key(documents: list[Document], library: Iterable[Path]) -> Mapping[Key, Document]:
    found: dict[Key, Document] = {}
    here = {document.file for document in documents}
    beside = {Path(document.file).parent for document in documents if _extends(document)}
    folders = [*library, *sorted(beside)] if any(_extends(document) for document in documents) else []
    for folder in folders:
        for path in _definitions_in(folder):
            if str(path) not in here:
                document = read_document(path)
                key = key_of(document)
                if key is not None:
                    found.setdefault(key, document)
    for document in documents:
        key = key_of(document)
        if key is not None:
            found[key] = document
    return found


def _extends(document: Document) -> bool:
    return isinstance(document.data, dict) and "extends" in document.data


def _check(workflow: Workflow, document: Document, surroundings: Surroundings | None) -> None:
    vocabulary = surroundings.vocabulary(workflow.subject) if surroundings else None
    if surroundings is not None and vocabulary is None:
        wrong = f"nothing is known of the subject '{workflow.subject}'"
        right = one_of(workflow.subject, surroundings.vocabularies)
        document.findings.append(document.finding("unknown-name", ("subject",), wrong, right))
    for number, each in enumerate(check_workflow(workflow, vocabulary, surroundings)):
        if number == MOST_FINDINGS:
            document.findings.append(_and_more(document))
            break
        document.findings.append(document.finding(each.kind, each.path, each.wrong, each.right, each.shown_by))


def _and_more(document: Document) -> Finding:
    return document.finding("too-large", (), f"more was found than these {MOST_FINDINGS}", "mend these first")


def _check_alone(document: Document, seen: dict[Key, Document]) -> None:
    key = key_of(document)
    if key is None:
        return
    if key in seen:
        other = Path(seen[key].file).name
        wrong = f"{key[0]} version {key[1]} is also in {other}"
        document.findings.append(document.finding("same-version", ("version",), wrong, "raise the version"))
    seen[key] = document


def _check_families(examined: Examined, surroundings: Surroundings | None) -> list[Finding]:
    beside = surroundings.workflows if surroundings else ()
    return [
        examined.documents[parent.workflow, parent.version].finding(
            each.kind, each.path, each.wrong, each.right, each.shown_by
        )
        for parent, each in islice(check_families(examined.workflows, beside), MOST_FINDINGS)
    ]


def shaped(document: Document, model: type[Model]) -> Model | None:
    """The document's data as a model; None when it does not fit, with the reasons among its findings."""
    if document.data is None and document.findings:
        return None
    try:
        return model.model_validate(document.data)
    except ValidationError as error:
        told = error.errors(include_url=False)
        document.findings += [_as_finding(document, each, model) for each in told[:MOST_FINDINGS]]
        if len(told) > MOST_FINDINGS:
            document.findings.append(_and_more(document))
        return None


PLAIN_WORDS = {
    "missing": ("'{key}' is missing", "add {key}"),
    "string_type": (
        "'{key}' must be text",
        "put text there, with quotes if it looks like a number, true or false",
    ),
    "int_type": ("'{key}' must be a whole number", "for example 1"),
    "int_parsing": ("'{key}' must be a whole number", "for example 1"),
    "int_from_float": ("'{key}' must be a whole number", "for example 1"),
    "bool_type": ("'{key}' must be true or false", "write true or false"),
    "bool_parsing": ("'{key}' must be true or false", "write true or false"),
    "dict_type": ("'{key}' must be a mapping of names", "write name: value lines below it"),
    "model_type": ("'{key}' must be a mapping of names", "write name: value lines below it"),
    "list_type": ("'{key}' must be a list", "write [one, two] or lines that begin with -"),
    "too_short": ("'{key}' is empty", "put at least one in it"),
    "too_long": ("'{key}' is too long a list", "no definition needs more than a hundred names there"),
    "string_too_short": ("'{key}' is empty", "put text there"),
    "greater_than_equal": ("'{key}' is too small", "use a larger number"),
    "less_than_equal": ("'{key}' is too large", "use a smaller number"),
}


def _as_finding(document: Document, error: ErrorDetails, model: type[BaseModel]) -> Finding:
    path: KeyPath = tuple(each for each in error["loc"] if each != "[key]")
    key = str(path[-1])[:LONGEST_SHOWN] if path else "the file"
    kind = error["type"]
    if kind == "extra_forbidden":
        otherwise = "put quotes around text with a comma" if " " in key else "remove it"
        right = one_of(key, _all_keys(model), otherwise)
        return document.finding("unknown-key", path, f"'{key}' is not known here", right)
    if kind in PLAIN_WORDS:
        wrong, right = PLAIN_WORDS[kind]
        name = "missing-key" if kind == "missing" else "wrong-value"
        if key in Text.model_fields and kind in {"missing", "string_type", "string_too_short"}:
            name = "missing-text"
        return document.finding(name, path, wrong.format(key=key), right.format(key=key))
    if kind in {"enum", "literal_error"}:
        expected = str(error.get("ctx", {}).get("expected", ""))
        wrong = f"'{str(error['input'])[:LONGEST_SHOWN]}' is not one of the choices for '{key}'"
        return document.finding("wrong-value", path, wrong, f"use {expected}")
    message = error["msg"].removeprefix("Value error, ")
    return document.finding("wrong-value", path, f"'{key}' is not right", message)


@cache
def _all_keys(model: type[BaseModel]) -> tuple[str, ...]:
    named = {field.alias or name for part in _parts(model) for name, field in part.model_fields.items()}
    return tuple(sorted(named))


def _parts(model: type[BaseModel]) -> list[type[BaseModel]]:
    found, waiting = [], [model]
    while waiting:
        part = waiting.pop()
        if part in found:
            continue
        found.append(part)
        for each in part.model_fields.values():
            waiting += [inner for inner in _types_in(each.annotation) if issubclass(inner, BaseModel)]
    return found


def _types_in(annotation: Any) -> list[type[Any]]:
    inner = getattr(annotation, "__args__", ())
    own = [annotation] if isinstance(annotation, type) and not inner else []
    return own + [each for part in inner for each in _types_in(part)]
