"""Settings: from WIJKTEAM_* variables, or from one file of such lines (WIJKTEAM_SETTINGS)."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


class WrongSettings(Exception):
    """A setting cannot be used as it stands."""


@dataclass(frozen=True)
class Settings:
    """What differs from one municipality or machine to the next."""

    database_url: str
    secret_key_file: Path
    municipality: str = "Voorbeeldstad"
    workflows: Path | None = None
    """The municipality's own folder of definitions, over the shipped ones."""
    templates: Path | None = None
    """The municipality's own folder of letters and other printed documents, over the shipped ones."""


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings in force; variables win from the file. Raises WrongSettings."""
    given = _given(environment)
    return Settings(
        database_url=given.get("WIJKTEAM_DATABASE_URL") or default_database_url(),
        secret_key_file=Path(given.get("WIJKTEAM_SECRET_KEY_FILE") or Path("var") / "secret_key"),
        municipality=_municipality(given),
        workflows=_folder("WIJKTEAM_WORKFLOWS", given),
        templates=_folder("WIJKTEAM_TEMPLATES", given),
    )


def municipality_name() -> str:
    """Name of the municipality, also where another setting is wrong. Raises WrongSettings for an unreadable file."""
    return _municipality(_given(None))


def _municipality(given: Mapping[str, str]) -> str:
    return given.get("WIJKTEAM_MUNICIPALITY") or "Voorbeeldstad"


def _given(environment: Mapping[str, str] | None) -> dict[str, str]:
    given = dict(os.environ if environment is None else environment)
    file = given.get("WIJKTEAM_SETTINGS")
    return {**_read_file(Path(file)), **given} if file else given


def _folder(variable: str, given: Mapping[str, str]) -> Path | None:
    name = given.get(variable)
    if not name:
        return None
    if not Path(name).is_dir():
        raise WrongSettings(f"{variable}: there is no folder {name}")
    return Path(name)


def default_database_url() -> str:
    """A SQLite file under var/ in the working folder."""
    return f"sqlite:///{(Path.cwd() / 'var' / 'wijkteam.sqlite').as_posix()}"


def _read_file(path: Path) -> dict[str, str]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise WrongSettings(f"settings file {path} cannot be read: {error}") from error
    pairs: dict[str, str] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        name, equals, value = line.partition("=")
        if not equals or not name.strip().startswith("WIJKTEAM_"):
            raise WrongSettings(f"{path}:{number}: write WIJKTEAM_NAME=value instead of '{line.strip()}'")
        pairs[name.strip()] = value.strip()
    return pairs
