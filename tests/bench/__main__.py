"""Prints what was measured in this run: `python -m tests.bench [--profile] [--whole] [NAME…]`, all unless named.

Exits with 1 when a bound was not kept. `--profile` also shows where the time goes; `--whole` lets the memory bench
run 100,000 durable cases, the draining bench 100,000 due deadlines, the verifying bench a million events, the
figures bench six million, the disk bench 1,200 cases, and the bench of my work fill a town with a million cases, which
takes minutes. `--in=FOLDER`, `--on=DATABASE` and `--only=PART` choose within the figures bench.
"""

import sys
from collections.abc import Callable
from functools import partial

from tests.bench import (
    approvals_import,
    computing_back,
    disk,
    draining,
    durable_step,
    figures,
    first_page,
    importing,
    load,
    loading_many,
    memory,
    mutations,
    my_work,
    on_a_phone,
    reading_wall,
    search,
    spiff_step,
    step_over_http,
    timing,
    trigger,
    verdict,
    verifying,
    what_if,
)

CHOICES = ("--in=", "--on=", "--only=")


def main() -> None:
    """Measure what is named."""
    flags = {each for each in sys.argv[1:] if each.startswith("--")}
    names = [each for each in sys.argv[1:] if each not in flags]
    chosen = dict(each[2:].split("=", 1) for each in flags if each.startswith(CHOICES))
    choices = {"kept_in": chosen.get("in", ""), "on": chosen.get("on", ""), "only": chosen.get("only", "")}
    entries: dict[str, Callable[[bool], bool]] = {
        "trigger": trigger.run,
        "durable_step": durable_step.run,
        "spiff_step": spiff_step.run,
        "step_over_http": step_over_http.run,
        "load": load.run,
        "loading_many": loading_many.run,
        "memory": partial(memory.run, whole="--whole" in flags),
        "approvals_import": approvals_import.run,
        "computing_back": partial(computing_back.run, whole="--whole" in flags),
        "first_page": first_page.run,
        "importing": importing.run,
        "mutations": mutations.run,
        "my_work": partial(my_work.run, whole="--whole" in flags),
        "on_a_phone": on_a_phone.run,
        "reading_wall": reading_wall.run,
        "timing": timing.run,
        "verdict": verdict.run,
        "what_if": what_if.run,
        "figures": partial(figures.run, whole="--whole" in flags, **choices),
        "search": search.run,
        "verifying": partial(verifying.run, whole="--whole" in flags),
        "disk": partial(disk.run, whole="--whole" in flags),
        "draining": partial(draining.run, whole="--whole" in flags),
    }
    if {each for each in flags if not each.startswith(CHOICES)} - {"--profile", "--whole"} or set(names) - set(entries):
        print(f"{__doc__.splitlines()[0]}\nthere are: {', '.join(entries)}", file=sys.stderr)
        sys.exit(2)
    kept = []
    for name in names or entries:
        print(f"{name}:", flush=True)
        kept.append(entries[name]("--profile" in flags))
    sys.exit(0 if all(kept) else 1)


if __name__ == "__main__":
    main()
