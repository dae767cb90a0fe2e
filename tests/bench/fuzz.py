"""A longer search for what breaks the loader: `python -m tests.bench.fuzz [SECONDS]`.

First every value of any sort at every key path of every shipped file, then mutations led by coverage for so many
seconds (60 unless told) where atheris is installed; it is in no extra. Ends with 1 at the first crash.
"""

import importlib.util
import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

from pydantic import BaseModel

from tests.engine.hostile import STRANGE, TEXTS, paths, replaced
from wijkteam import rulebook
from wijkteam.engine.ladder import CodeList, Ladder
from wijkteam.engine.loading import WrongDefinition, examine, load_document
from wijkteam.engine.reading import read_document
from wijkteam.mandate.approvals_mapping import ApprovalsMapping
from wijkteam.mandate.register_file import RegisterFile
from wijkteam.vocabularies import surroundings

FOLDERS = rulebook.workflow_folders()
KNOWN = surroundings(FOLDERS)
SECONDS = 60
LONGEST = 20_000
MODELS: dict[str, type[BaseModel]] = {
    "ladders": Ladder,
    "lists": CodeList,
    "registers": RegisterFile,
    "mappings": ApprovalsMapping,
}


def read(path: Path, model: type[BaseModel] | None) -> None:
    """Read a file as data of a kind, or as a workflow; anything but findings is a crash."""
    found = []
    if model is None:
        found = examine([path], KNOWN).findings
    else:
        try:
            load_document(path, model)
        except WrongDefinition as wrong:
            found = wrong.findings
            assert found, "refused without a word"
    for finding in found:
        assert finding.line >= 1 and str(finding).isprintable(), repr(str(finding))


def every_value_everywhere(folder: Path) -> int:
    """How many files were made and read."""
    count = 0
    path = folder / "strange.yaml"
    for source in sorted(FOLDERS[0].rglob("*.yaml")):
        data, model = read_document(source).data, MODELS.get(source.parent.name)
        for at in paths(data):
            for strange in STRANGE:
                path.write_text(json.dumps(replaced(data, at, strange), default=str), encoding="utf-8")
                read(path, model)
                count += 1
        print(f"  {source.name}: {count:,} files read so far", flush=True)
    return count


def led_by_coverage(folder: Path, seconds: int) -> None:
    """Let atheris change the shipped and the hostile files; it ends the process."""
    corpus = folder / "corpus"
    corpus.mkdir()
    shipped = [source.read_text(encoding="utf-8") for source in sorted(FOLDERS[0].rglob("*.yaml"))]
    for number, text in enumerate([*shipped, *(each for each in TEXTS.values() if len(each) < LONGEST)]):
        (corpus / f"seed_{number}").write_text(text, encoding="utf-8", newline="")
    path = folder / "changed.yaml"

    def one(content: bytes) -> None:
        path.write_bytes(content)
        for model in (None, *MODELS.values()):
            read(path, model)

    atheris = importlib.import_module("atheris")
    _instrument(atheris)
    options = [f"-max_total_time={seconds}", f"-max_len={LONGEST}", "-rss_limit_mb=1024", "-timeout=20", "-verbosity=1"]
    setup: Callable[[list[str], Callable[[bytes], None]], object] = atheris.Setup
    setup([sys.argv[0], *options, str(corpus)], one)
    atheris.Fuzz()


def _instrument(atheris: ModuleType) -> None:
    from wijkteam.engine import extending, loading, reading

    for module in (reading, loading, extending):
        for name, value in list(vars(module).items()):
            if callable(value) and getattr(value, "__module__", "") == module.__name__ and hasattr(value, "__code__"):
                setattr(module, name, atheris.instrument_func(value))


def main() -> None:
    """Search."""
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else SECONDS
    with tempfile.TemporaryDirectory() as name:
        print(
            f"{every_value_everywhere(Path(name)):,} files with a value of another sort somewhere: none broke anything"
        )
        if importlib.util.find_spec("atheris") is None:
            print("atheris is not installed: pip install atheris")
            return
        led_by_coverage(Path(name), seconds)


if __name__ == "__main__":
    main()
