"""The one file of settings: TOML, or lines of WIJKTEAM_NAME=value; where each value in force comes from."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from wijkteam.storage.known_settings import PREFIX, not_known


class WrongSettings(Exception):
    """A setting cannot be used as it stands."""


def named_file(given: Mapping[str, str]) -> Path | None:
    """The file that the variables name. Raises WrongSettings when they name two."""
    named = {name: given[name] for name in ("WIJKTEAM_CONFIG", "WIJKTEAM_SETTINGS") if given.get(name)}
    if len(set(named.values())) > 1:
        raise WrongSettings("WIJKTEAM_CONFIG and WIJKTEAM_SETTINGS name two files; name one, in WIJKTEAM_CONFIG")
    return Path(next(iter(named.values()))) if named else None


def read_file(path: Path) -> dict[str, str]:
    """What a file says, by the names of variables. Raises WrongSettings with a line for each mistake."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise WrongSettings(f"settings file {path} cannot be read: {error}") from error
    pairs = _toml(path, text) if path.suffix == ".toml" else _lines(path, text)
    wrong = [f"{path}: {line}" for line in not_known(pairs)]
    wrong += [
        f"{path}: {name}: a file cannot name a file"
        for name in ("WIJKTEAM_CONFIG", "WIJKTEAM_SETTINGS")
        if name in pairs
    ]
    if wrong:
        raise WrongSettings("\n".join(wrong))
    return pairs


def _toml(path: Path, text: str) -> dict[str, str]:
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise WrongSettings(f"{path}: this is no TOML: {error}") from None
    pairs: dict[str, str] = {}
    for name, value in told.items():
        inner = value.items() if isinstance(value, dict) else [(None, value)]
        for under, each in inner:
            key = f"{name}_{under}" if under else name
            pairs[f"{PREFIX}{key.upper()}"] = _text(path, key, each)
    return pairs


def _text(path: Path, key: str, value: Any) -> str:
    """A value as a variable would have it: true is yes, a list is words with spaces between."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return " ".join(value)
    if isinstance(value, str | int):
        return str(value)
    if hasattr(value, "strftime") and not hasattr(value, "year"):
        return str(value.strftime("%H:%M"))
    raise WrongSettings(f"{path}: {key}: write a text, a number, true or false")


def _lines(path: Path, text: str) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        name, equals, value = line.partition("=")
        if not equals or not name.strip().startswith(PREFIX):
            raise WrongSettings(f"{path}:{number}: write WIJKTEAM_NAME=value instead of '{line.strip()}'")
        pairs[name.strip()] = value.strip()
    return pairs
