"""Memory for many subjects in flight: the peak of a process that ran so many, each count in a fresh process.

In memory: each subject is opened, fired three times and dropped, still in flight. Durable: each case is opened and
fired twice, in units of work of its own; all stay open. SQLite's page cache is kept small (2 MB), so that what is
seen is ours and not the cache filling up.
"""

import gc
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Connection, event

COUNTS = {"in memory": (1_000, 10_000, 100_000), "durable": (1_000, 4_000, 16_000)}
WHOLE = {"durable": (1_000, 10_000, 100_000)}
GROWTH = 1.1
"""How much more the largest count may take than the smallest: allocators are not exact."""
KILOBYTES = 1024


def run(profile: bool, whole: bool = False) -> bool:
    """Show the peak for each count; kept when it stays level."""
    del profile
    kept = True
    for kind, counts in {**COUNTS, **(WHOLE if whole else {})}.items():
        peaks = [_peak(kind, count) for count in counts]
        level = max(peaks) <= peaks[0] * GROWTH
        told = ", ".join(f"{count:,}: {peak / KILOBYTES:.0f} MB" for count, peak in zip(counts, peaks, strict=True))
        print(
            f"  {kind}, peak memory for subjects in flight: {told}; level: {'kept' if level else 'NOT KEPT'}",
            flush=True,
        )
        kept &= level
    return kept


def _peak(kind: str, count: int) -> int:
    command = [sys.executable, "-W", "ignore", "-m", "tests.bench.memory", kind, str(count)]
    return int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def in_memory(count: int) -> None:
    """Open and fire so many subjects on one engine; none of them is kept."""
    from tests.bench.trigger import DEFINITION, WORDS, Door, Keeper
    from wijkteam.engine.running import Engine

    engine, keeper = Engine([DEFINITION], [WORDS], []), Keeper()
    for _ in range(count):
        door = Door()
        engine.open(door, keeper, {})
        for name in ("open_it", "shut_it", "lock"):
            engine.fire(door, name, keeper)


def durable(count: int) -> None:
    """Open and fire so many cases in a SQLite file, each in units of work of its own."""
    from tests.bench.durable_step import prepare
    from wijkteam.cases.model import HouseholdCase
    from wijkteam.cases.service import NewCase, open_case
    from wijkteam.storage.work import Work
    from wijkteam.terms import clock

    with tempfile.TemporaryDirectory() as name:
        ground = prepare(f"sqlite:///{Path(name) / 'many.sqlite'}")
        event.listen(ground.database, "engine_connect", _small_cache)
        for number in range(count):
            work = Work(ground.open_session(), ground.work.engine, ground.work.actor)
            case = open_case(work, NewCase(f"Straat {number}", "Huur", "Bellen", clock.today()))
            work.act_on(HouseholdCase, case.id, "found_safe", {"safety": "Ja."})
            work.act_on(HouseholdCase, case.id, "add_note", {"note": "Gebeld."})
            work.session.close()
        ground.close()


def _small_cache(connection: Connection) -> None:
    connection.exec_driver_sql("PRAGMA cache_size=-2048")


def main() -> None:
    """Run one kind with one count, and print the peak of this process in kilobytes."""
    kinds: dict[str, Callable[[int], None]] = {"in memory": in_memory, "durable": durable}
    kinds[sys.argv[1]](int(sys.argv[2]))
    gc.collect()
    print(_own_peak())


def _own_peak() -> int:
    """Kilobytes, of this program alone: `ru_maxrss` would also count the process that it was started from."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:"))


if __name__ == "__main__":
    main()
