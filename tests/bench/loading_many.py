"""A thousand definitions, made from the shipped ones by renaming and varying them: read, shaped, checked."""

import cProfile
import pstats
import re
import tempfile
import time
from pathlib import Path

from wijkteam import rulebook
from wijkteam.engine.loading import examine
from wijkteam.vocabularies import surroundings

COUNT = 1_000
SECONDS = 20
LINES = 25


def make_definitions(folder: Path, kept: frozenset[str], count: int = COUNT) -> None:
    """Sound definitions, each with its own name, its own names of states (but for those kept), and its own terms."""
    shipped = [path.read_text(encoding="utf-8") for path in sorted(rulebook.workflow_folders()[0].glob("*.yaml"))]
    for number in range(count):
        text = shipped[number % len(shipped)]
        (folder / f"made_{number:04}.yaml").write_text(_varied(text, number, kept), encoding="utf-8")


def _varied(text: str, number: int, kept: frozenset[str]) -> str:
    text = re.sub(r"^workflow: (\w+)$", rf"workflow: \1_{number}", text, flags=re.MULTILINE)
    states = re.findall(r"^  (\w+):$", text.partition("\nstates:\n")[2].partition("\ntransitions:")[0], re.MULTILINE)
    head, _, rest = text.partition("\nstates:\n")
    for name in set(states) - kept:
        rest = re.sub(rf"^  {name}:$", f"  {name}_{number}:", rest, flags=re.MULTILINE)
        rest = re.sub(rf"^    to: {name}$", f"    to: {name}_{number}", rest, flags=re.MULTILINE)
        head = re.sub(rf"^initial: {name}$", f"initial: {name}_{number}", head, flags=re.MULTILINE)
        rest = re.sub(
            rf"^    from: (.*)\b{name}\b(?!_)(.*)$", rf"    from: \1{name}_{number}\2", rest, flags=re.MULTILINE
        )
    rest = re.sub(r"within: P5D", f"within: P{2 + number % 40}D", rest)
    return f"{head}\nstates:\n{rest}"


def run(profile: bool) -> bool:
    """Measure, and tell whether nothing was found in any of them."""
    folders = rulebook.workflow_folders()
    around = surroundings(folders)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make_definitions(folder, frozenset().union(*(each.needed for each in around.vocabularies.values())))
        start = time.perf_counter()
        examined = examine([folder], around)
        seconds = time.perf_counter() - start
        sound = len(examined.workflows) == COUNT and not examined.findings
        kept = sound and seconds < SECONDS
        print(
            f"  {COUNT:,} definitions read and checked in {seconds:.1f} s, {1_000 * seconds / COUNT:.1f} ms each; "
            f"{len(examined.findings)} findings; under {SECONDS} s: {'kept' if kept else 'NOT KEPT'}"
        )
        for finding in examined.findings[:5]:
            print(f"    {finding}")
        if profile:
            profiler = cProfile.Profile()
            profiler.runcall(examine, [folder], around)
            pstats.Stats(profiler).strip_dirs().sort_stats("cumulative").print_stats(LINES)
    return kept
