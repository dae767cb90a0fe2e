"""Reading another register to replay under: every name in it has to be known, or it would silently cover nothing."""

from collections.abc import Collection
from pathlib import Path

from wijkteam.engine.loading import WrongDefinition, shaped
from wijkteam.engine.nearest import one_of
from wijkteam.engine.reading import read_document
from wijkteam.mandate.register_file import RegisterFile


def read_register(path: Path, powers: Collection[str], functions: Collection[str]) -> RegisterFile:
    """A register in a file. Raises WrongDefinition, also for powers and functions that there are not."""
    document = read_document(path)
    found = shaped(document, RegisterFile)
    for number, entry in enumerate(found.mandates if found is not None else ()):
        for key, name, known in (("power", entry.power, powers), ("function", entry.function, functions)):
            if name not in known:
                place = ("mandates", number, key)
                wrong = document.finding("unknown-name", place, f"there is no {key} '{name}'", one_of(name, known))
                document.findings.append(wrong)
    if found is None or document.findings:
        raise WrongDefinition(document.findings)
    return found
