"""Withholding small cells so that they cannot be computed back: cell suppression. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

FEWEST = 5

Key = TypeVar("Key")


def withheld(households: Mapping[Key, int], lines: Iterable[Sequence[Key]]) -> set[Key]:
    """Which cells must not be shown.

    `households` says of each cell how many households stand behind it. A line is a set of cells between which
    one sum is known: the cells of a column whose total is shown, or parts together with their own total. A cell
    of 1 to 4 households is withheld (primary). Then every line with withheld cells gets at least two of them,
    with at least five households behind them together (secondary), so that no subtraction gives one back:
    the classic rule of cell suppression (Eurostat, Handbook on Statistical Disclosure Control, ch. 4). Zeros are
    shown unless they are needed as cover.
    """
    hidden = {key for key, count in households.items() if 0 < count < FEWEST}
    all_lines = [tuple(dict.fromkeys(key for key in line if key in households)) for line in lines]
    changed = True
    while changed:
        changed = False
        for line in all_lines:
            inside = [key for key in line if key in hidden]
            if not inside:
                continue
            while len(inside) < len(line) and not _covered(inside, households):
                shown = [key for key in line if key not in hidden]
                cover = min(shown, key=lambda key: (households[key] == 0, households[key]))
                hidden.add(cover)
                inside.append(cover)
                changed = True
    return hidden


def _covered(inside: Sequence[Key], households: Mapping[Key, int]) -> bool:
    return len(inside) >= 2 and sum(households[key] for key in inside) >= FEWEST
