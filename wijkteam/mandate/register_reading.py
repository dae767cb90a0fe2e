"""Reading a register from a file, YAML or CSV, with every mistake by file and line."""

from pathlib import Path

from wijkteam.engine.loading import WrongDefinition, shaped
from wijkteam.engine.reading import Document, read_document
from wijkteam.mandate.register_csv import csv_document
from wijkteam.mandate.register_file import RegisterFile


def read_register(path: Path) -> RegisterFile:
    """The register in a file whose name ends in .csv, or else in YAML. Raises WrongDefinition with every mistake."""
    document = csv_document(path) if path.suffix.lower() == ".csv" else read_document(path)
    if isinstance(document.data, dict) and document.data.get("history"):
        wrong = "holds the history of a register"
        right = "to change the register, export it without --history"
        document.findings.append(document.finding("wrong-value", ("history",), wrong, right))
    found = shaped(document, RegisterFile) if not document.findings else None
    if found is not None:
        _check_numbers(found, document)
    if found is None or document.findings:
        raise WrongDefinition(document.findings)
    return found


def _check_numbers(register: RegisterFile, document: Document) -> None:
    seen: set[str] = set()
    for index, entry in enumerate(register.mandates):
        if entry.number in seen:
            wrong = f"row {entry.number} stands here for the second time"
            path = ("mandates", index, "number")
            document.findings.append(document.finding("duplicate-name", path, wrong, "keep one of the two"))
        seen.add(entry.number)
