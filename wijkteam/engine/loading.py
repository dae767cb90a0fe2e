"""Reading definitions from YAML: safely, and with every mistake in them named by file and line."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from wijkteam.engine.checking import check_workflow
from wijkteam.engine.definition import Workflow
from wijkteam.engine.vocabulary import Vocabulary

Model = TypeVar("Model", bound=BaseModel)
KeyPath = tuple[str | int, ...]


@dataclass(frozen=True, order=True)
class Mistake:
    """One mistake in a definition: where, what is wrong, and what would be right."""

    file: str
    line: int
    wrong: str
    right: str

    def __str__(self) -> str:
        """All of it in one line."""
        return f"{self.file}:{self.line}: {self.wrong}; {self.right}"


class WrongDefinition(Exception):
    """Definitions hold mistakes; `mistakes` names all of them."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        self.mistakes = sorted(set(mistakes))
        super().__init__("\n".join(str(mistake) for mistake in self.mistakes))


@dataclass
class _Document:
    """A YAML file as plain data, with the line of every key path."""

    file: str
    data: Any
    lines: dict[KeyPath, int]
    mistakes: list[Mistake]

    def line(self, path: KeyPath) -> int:
        """The line of a key path, or of the nearest one around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def mistake(self, path: KeyPath, wrong: str, right: str) -> Mistake:
        """A mistake at a key path."""
        return Mistake(self.file, self.line(path), wrong, right)


def load_document(path: Path, model: type[Model]) -> Model:
    """A data file, such as a ladder or a list. Raises WrongDefinition."""
    document = _read(path)
    found, mistakes = _shape(document, model)
    if found is None or mistakes:
        raise WrongDefinition(mistakes)
    return found


def load_workflow(path: Path, vocabularies: Iterable[Vocabulary] | None = None) -> Workflow:
    """One definition, fully checked. Raises WrongDefinition with every mistake in it."""
    workflow, mistakes = _load(path, None if vocabularies is None else list(vocabularies))
    if workflow is None or mistakes:
        raise WrongDefinition(mistakes)
    return workflow


def load_workflows(folder: Path, vocabularies: Iterable[Vocabulary] | None = None) -> list[Workflow]:
    """Every definition in a folder. Raises WrongDefinition with every mistake in all of them."""
    known = None if vocabularies is None else list(vocabularies)
    paths = sorted(folder.glob("*.yaml"))
    if not paths:
        raise WrongDefinition([Mistake(str(folder), 1, "holds no workflows", "put *.yaml definitions in it")])
    found: dict[tuple[str, int], tuple[Workflow, Path]] = {}
    mistakes: list[Mistake] = []
    for path in paths:
        workflow, wrong = _load(path, known)
        mistakes += wrong
        if workflow is None:
            continue
        key = (workflow.workflow, workflow.version)
        if key in found:
            other = found[key][1].name
            mistakes.append(Mistake(str(path), 1, f"{key[0]} version {key[1]} is also in {other}", "raise the version"))
        found[key] = (workflow, path)
    if mistakes:
        raise WrongDefinition(mistakes)
    return [workflow for workflow, _ in found.values()]


def _load(path: Path, vocabularies: list[Vocabulary] | None) -> tuple[Workflow | None, list[Mistake]]:
    document = _read(path)
    workflow, mistakes = _shape(document, Workflow)
    if workflow is None:
        return None, mistakes
    vocabulary = None
    if vocabularies is not None:
        vocabulary = next((each for each in vocabularies if each.subject == workflow.subject), None)
        if vocabulary is None:
            names = [each.subject for each in vocabularies]
            wrong = f"nothing is known of the subject '{workflow.subject}'"
            mistakes.append(document.mistake(("subject",), wrong, one_of(workflow.subject, names)))
    for each in check_workflow(workflow, vocabulary):
        mistakes.append(document.mistake(each.path, each.wrong, each.right))
    return workflow, mistakes


def _read(path: Path) -> _Document:
    file = str(path)
    document = _Document(file, None, {(): 1}, [])
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        document.mistakes.append(Mistake(file, 1, "there is no such file", "give the path of a YAML file"))
        return document
    except (OSError, UnicodeDecodeError) as error:
        document.mistakes.append(Mistake(file, 1, f"cannot be read ({error})", "give a YAML file in UTF-8"))
        return document
    try:
        for token in yaml.parse(text, Loader=yaml.SafeLoader):
            if isinstance(token, yaml.AliasEvent):
                line = token.start_mark.line + 1 if token.start_mark else 1
                document.mistakes.append(Mistake(file, line, "aliases (*name) are not read", "write it out in full"))
                return document
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        wrong = f"is no YAML: {error.problem or error.context}"
        right = "mind indentation, and put quotes around text with : ? , or #"
        document.mistakes.append(Mistake(file, mark.line + 1 if mark else 1, wrong, right))
        return document
    except yaml.YAMLError as error:
        document.mistakes.append(Mistake(file, 1, f"is no YAML: {str(error).splitlines()[0]}", "give plain UTF-8 text"))
        return document
    if node is not None:
        document.data = _plain(node, (), document)
    return document


def _plain(node: yaml.Node, path: KeyPath, document: _Document) -> Any:
    document.lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            line = key_node.start_mark.line + 1
            if key in found:
                wrong = f"'{key}' stands here for the second time"
                document.mistakes.append(Mistake(document.file, line, wrong, "keep one of the two"))
            document.lines[(*path, key)] = line
            found[key] = _plain(value_node, (*path, key), document)
        return found
    if isinstance(node, yaml.SequenceNode):
        return [_plain(each, (*path, number), document) for number, each in enumerate(node.value)]
    constructor = yaml.SafeLoader("")
    try:
        return constructor.construct_object(node)
    except yaml.YAMLError:
        wrong = f"the tag {node.tag} is not read"
        document.mistakes.append(Mistake(document.file, node.start_mark.line + 1, wrong, "write plain text"))
        return str(node.value)
    finally:
        constructor.dispose()


def _shape(document: _Document, model: type[Model]) -> tuple[Model | None, list[Mistake]]:
    if document.mistakes and document.data is None:
        return None, document.mistakes
    try:
        return model.model_validate(document.data), list(document.mistakes)
    except ValidationError as error:
        found = [_as_mistake(document, each, model) for each in error.errors()]
        return None, document.mistakes + found


PLAIN_WORDS = {
    "missing": ("'{key}' is missing", "add {key}"),
    "string_type": (
        "'{key}' must be text",
        "put text there, with quotes if it looks like a number, yes or no",
    ),
    "int_type": ("'{key}' must be a whole number", "for example 1"),
    "int_parsing": ("'{key}' must be a whole number", "for example 1"),
    "bool_type": ("'{key}' must be true or false", "write true or false"),
    "bool_parsing": ("'{key}' must be true or false", "write true or false"),
    "dict_type": ("'{key}' must be a mapping of names", "write name: value lines below it"),
    "model_type": ("'{key}' must be a mapping of names", "write name: value lines below it"),
    "list_type": ("'{key}' must be a list", "write [one, two] or lines that begin with -"),
    "too_short": ("'{key}' is empty", "put at least one in it"),
    "string_too_short": ("'{key}' is empty", "put text there"),
    "greater_than_equal": ("'{key}' is too small", "use a larger number"),
    "less_than_equal": ("'{key}' is too large", "use a smaller number"),
}


def _as_mistake(document: _Document, error: ErrorDetails, model: type[BaseModel]) -> Mistake:
    path: KeyPath = tuple(error["loc"])
    key = str(path[-1]) if path else "the file"
    kind = error["type"]
    if kind == "extra_forbidden":
        near = _nearest_key(model, document.data, path)
        return document.mistake(path, f"'{key}' is not known here", near)
    if kind in PLAIN_WORDS:
        wrong, right = PLAIN_WORDS[kind]
        return document.mistake(path, wrong.format(key=key), right.format(key=key))
    if kind in {"enum", "literal_error"}:
        expected = str(error.get("ctx", {}).get("expected", ""))
        return document.mistake(path, f"'{error['input']}' is not one of the choices for '{key}'", f"use {expected}")
    message = error["msg"].removeprefix("Value error, ")
    return document.mistake(path, f"'{key}' is not right", message)


def _nearest_key(model: type[BaseModel], data: Any, path: KeyPath) -> str:
    names = sorted({name for each in _parts(model) for name in _keys(each)})
    return one_of(str(path[-1]), names, "remove it")


def _keys(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]


def _parts(model: type[BaseModel]) -> list[type[BaseModel]]:
    found, waiting = [], [model]
    while waiting:
        part = waiting.pop()
        if part in found:
            continue
        found.append(part)
        for field in part.model_fields.values():
            waiting += [each for each in _types_in(field.annotation) if issubclass(each, BaseModel)]
    return found


def _types_in(annotation: Any) -> list[type[Any]]:
    inner = getattr(annotation, "__args__", ())
    own = [annotation] if isinstance(annotation, type) and not inner else []
    return own + [each for part in inner for each in _types_in(part)]


def one_of(name: str, names: Iterable[str], otherwise: str = "") -> str:
    """What would be right in place of a name: the nearest known one, or all that are known."""
    known = sorted(names)
    near = get_close_matches(name, known, 1, 0.6)
    if near:
        return f"did you mean '{near[0]}'?"
    return otherwise or f"known are: {', '.join(known) or 'none'}"
