"""Ladders: someone stands on every rung, and the last one has nowhere to climb to."""

from collections.abc import Iterator

from wijkteam.engine.checks.surroundings import Surroundings
from wijkteam.engine.findings import Wrong
from wijkteam.engine.ladder import Ladder
from wijkteam.engine.nearest import one_of


def check_ladder(ladder: Ladder, surroundings: Surroundings) -> Iterator[Wrong]:
    """Findings in a ladder, against the functions there are and those that somebody holds."""
    climbed = tuple(f"rung {rung.number} ({rung.function})" for rung in ladder.rungs)
    for number, rung in enumerate(ladder.rungs):
        path = ("rungs", number, "function")
        if surroundings.functions is not None and rung.function not in surroundings.functions:
            wrong = f"rung {rung.number} names the function '{rung.function}', which does not exist"
            yield Wrong(
                "ladder-unheld", path, wrong, one_of(rung.function, surroundings.functions), climbed[: number + 1]
            )
        elif surroundings.held is not None and rung.function not in surroundings.held:
            wrong = f"nobody holds '{rung.function}' of rung {rung.number} today"
            yield Wrong("ladder-unheld", path, wrong, "give somebody the function", climbed[: number + 1])
    last = ladder.rungs[-1]
    if last.unanswered == "climb":
        wrong = f"rung {last.number} is the last one, so that it cannot climb on"
        yield Wrong("ladder-runs-on", ("rungs", len(ladder.rungs) - 1, "unanswered"), wrong, "write remind", climbed)
