"""Withholding: which figures a report keeps back, so that no small group of households can be read from it.

The rule (a threshold rule with complementary cell suppression):

1. *Small*. A count on 1 to 4 households is withheld. A part whose rest stands nowhere (late, of all asked) is
   withheld too when that rest could be 1 to 4 households, because subtracting gives it away.
2. *Not computed back*. Counts add up over columns, over rows, and from buurt to wijk to municipality. Further
   counts are withheld, those of fewest households first, until for each small count (a) more than one value
   fits all that is shown, also for a reader who knows that no zero is ever withheld, and (b) every sum that
   can be computed and that the count is part of covers at least 5 households.
3. *Derived*. A median or other derived figure is withheld with the count that it rests on.

A zero is shown: it tells of nobody. It never needs to be withheld, because what pins a hidden count is always
a shown count above zero, and that one can be withheld instead.

How it is proved. Rows in one hierarchy by one flat set of columns form a network: each equation is a node,
and each count is an arc between two of them (`_network`). What a count can be is then what can flow round
through its arc, so that (a) is a search for a path and (b) a small maximum flow; both are exact, and whole
numbers.

Limits. The reader who knows the exact order in which further counts are chosen, who is one of the households,
or who lays reports on overlapping periods side by side, may learn more; so may one who combines bounds on a
total that is itself withheld in several tables. A range can be narrow even though it is not one value.

Source: Hundepool and others, Handbook on Statistical Disclosure Control, second edition (2024), chapters 4
and 5: frequency rule, secondary suppression, feasibility intervals. Network formulation: Fischetti and
Salazar, on tables with one hierarchical dimension.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from wijkteam.reports.figures import (
    TOTAL,
    WITHHELD,
    Cell,
    Column,
    EscalationReport,
    Line,
    Table,
    WrongTable,
)
from wijkteam.reports.network import Arc, Network, Place

THRESHOLD = 5
"""Least number of households behind a figure that is shown."""


def withhold(table: Table, also: frozenset[Place] = frozenset()) -> Table:
    """The table as it may be shown: small counts withheld, and whatever would give them away.

    What is shown stays as it was, totals too. A table in which cells are withheld already has been here
    before and is returned as it is.

    `also` names counts to be withheld whatever their size, such as totals that another table withholds; rows
    and columns that this table does not have are passed over.

    Raises WrongTable when rows and columns do not fit, when counts do not add up as the table says, or when a
    table withholds some small counts and shows others.
    """
    _check_shape(table)
    if any(cell.withheld for line in table.lines() for cell in line.cells):
        _check_nothing_small(table)
        return table
    _check_sums(table)
    weights = _weights(table)
    small = {place for place, weight in weights.items() if 0 < weight < THRESHOLD}
    asked = {place for place in also if weights.get(place, 0) > 0}
    network = _network(table, weights, small | asked)
    for place in sorted(small | asked):
        _protect(network, place)
    return _without(table, frozenset(network.hidden))


def withhold_report(report: EscalationReport) -> EscalationReport:
    """The report as it may be shown.

    Wijken and buurten are treated as one table. A count that stands in several tables (the municipality's
    totals; answered per rung) is withheld in all of them as soon as it is in one.
    """
    also: dict[str, frozenset[Place]] = dict.fromkeys((*report.tables(), "areas"), frozenset())
    while True:
        rung = withhold(report.per_rung, also["per_rung"])
        waiting = withhold(report.waiting, also["waiting"])
        barrier = withhold(report.per_barrier, also["per_barrier"])
        per_wijk, per_buurt = withhold_areas(report.per_wijk, report.per_buurt, also["areas"])
        found = {"per_rung": rung, "waiting": waiting, "per_barrier": barrier, "areas": per_wijk}
        hidden = {name: hidden_places(table) for name, table in found.items()}
        totals = frozenset(place for places in hidden.values() for place in places if place[0] == TOTAL)
        more = dict.fromkeys(hidden, totals)
        for name in ("per_rung", "waiting"):
            more[name] = totals | hidden["per_rung"] | hidden["waiting"]
        if all(also[name] == more[name] for name in more):
            break
        also.update(more)
    return replace(
        report,
        per_rung=rung,
        waiting=waiting,
        per_barrier=barrier,
        per_wijk=per_wijk,
        per_buurt=per_buurt,
        not_achieved=withhold(report.not_achieved),
        approvals=None if report.approvals is None else withhold(report.approvals),
    )


def withhold_areas(
    per_wijk: Table, per_buurt: Table, also: frozenset[Place] = frozenset()
) -> tuple[Table, Table]:
    """Wijken and buurten as they may be shown beside each other, buurten adding up to wijken.

    Raises WrongTable when the two have other columns or totals, or a buurt's parent is no wijk of `per_wijk`.
    """
    if per_wijk.columns != per_buurt.columns or per_wijk.totals != per_buurt.totals:
        raise WrongTable("the tables per wijk and per buurt differ in columns or totals")
    both = withhold(replace(per_wijk, rows=per_wijk.rows + per_buurt.rows), also)
    lines = {_key(both, line): line for line in both.lines()}
    return per_wijk.with_lines(lines), per_buurt.with_lines(lines)


def hidden_places(table: Table) -> frozenset[Place]:
    """Where counts are withheld in this table; derived figures go with the count that they rest on."""
    return frozenset(
        (_key(table, line), column.key)
        for line in table.lines()
        for column, cell in zip(table.columns, line.cells, strict=True)
        if cell.withheld and column.rests_on is None
    )


def _key(table: Table, line: Line) -> str:
    return TOTAL if line is table.totals else line.key


def _counts(table: Table) -> Iterator[tuple[str, Column, Cell]]:
    for line in table.lines():
        for column, cell in zip(table.columns, line.cells, strict=True):
            if column.rests_on is None:
                yield _key(table, line), column, cell


def _bound_to(table: Table, whole: str | None) -> bool:
    """Whether the whole stands in this table, so that its parts are bound to it."""
    return whole is not None and any(column.key == whole for column in table.columns)


def _whole(table: Table) -> str | None:
    found = {column.adds_to for column in table.columns if _bound_to(table, column.adds_to)}
    if len(found) > 1:
        raise WrongTable(f"table {table.definition.code}: columns add up to more than one whole")
    return next(iter(found), None)


def _check_shape(table: Table) -> None:
    keys = [line.key for line in table.rows]
    if len(set(keys)) < len(keys) or TOTAL in keys:
        raise WrongTable(f"table {table.definition.code} has two rows with one key")
    for line in table.lines():
        if len(line.cells) != len(table.columns):
            raise WrongTable(f"row {line.key} of table {table.definition.code} misses cells")
        if line.parent is not None and (line.parent == line.key or line.parent not in keys):
            raise WrongTable(f"row {line.key} of table {table.definition.code} has no parent '{line.parent}'")
    _whole(table)


def _check_nothing_small(table: Table) -> None:
    small = [key for key, _, cell in _counts(table) if not cell.withheld and 0 < cell.households < THRESHOLD]
    if small:
        raise WrongTable(f"table {table.definition.code} withholds some small counts but shows {small[0]}")


def _parts(table: Table) -> dict[str, list[Line]]:
    """The rows under each row that has any; the top ones stand under the totals."""
    parts: dict[str, list[Line]] = {}
    if table.adds_up:
        for line in table.rows:
            if line.parent is not None or table.totals is not None:
                parts.setdefault(line.parent or TOTAL, []).append(line)
    return parts


def _check_sums(table: Table) -> None:
    values: dict[Place, float] = {}
    for key, column, cell in _counts(table):
        value = cell.value or 0
        if value < cell.households or value != int(value) or (value > 0) != (cell.households > 0):
            raise WrongTable(f"{column.key} of {key}: {cell.value} on {cell.households} households")
        values[key, column.key] = value
    parts, whole, code = _parts(table), _whole(table), table.definition.code
    for (key, column_key), value in values.items():
        lines = parts.get(key)
        if lines is not None and sum(values[line.key, column_key] for line in lines) != value:
            raise WrongTable(f"{code}: {column_key} of {key} is not the sum of its rows")
        if column_key == whole and value != sum(
            values[key, column.key] for column in table.columns if column.adds_to == whole
        ):
            raise WrongTable(f"{code}: {whole} of {key} is not the sum of its columns")


def _weights(table: Table) -> dict[Place, int]:
    """Households that each count tells about: of itself, or of the rest of its whole when those are fewer."""
    weights = {}
    cells = {(key, column.key): cell for key, column, cell in _counts(table)}
    for key, column, cell in _counts(table):
        weight = cell.households
        if column.part_of is not None and _bound_to(table, column.part_of):
            whole = cells[key, column.part_of]
            if 0 < (cell.value or 0) < (whole.value or 0):
                weight = min(weight, max(1, whole.households - cell.households))
        weights[key, column.key] = weight
    return weights


def _covers(table: Table, weights: Mapping[Place, int]) -> dict[Place, int]:
    """Households that each count surely adds to a sum, also when a household stands behind several counts.

    A count of at least `THRESHOLD` always covers a sum by itself. Smaller ones cover it together only as far
    as their households are different ones.
    """
    parts, whole = _parts(table), _whole(table)
    households = {(key, column.key): cell.households for key, column, cell in _counts(table)}
    rows_overlap = any(
        sum(households[line.key, column.key] for line in lines) > households[key, column.key]
        for key, lines in parts.items()
        for column in table.columns
        if column.rests_on is None
    )
    covers = {}
    for key, column, _ in _counts(table):
        cover = weights[key, column.key]
        if cover < THRESHOLD and (rows_overlap or (whole is not None and key in parts)):
            cover = 0
        elif cover < THRESHOLD and whole is not None and column.adds_to == whole:
            together = sum(households[key, each.key] for each in table.columns if each.adds_to == whole)
            cover = max(0, cover - (together - households[key, whole]))
        covers[key, column.key] = cover
    return covers


@dataclass(frozen=True)
class _Node:
    """An equation: the rows under `key` add up in this column, or the columns add up in this row."""

    key: str
    column: str


_GROUND = _Node("", "")


def _network(table: Table, weights: Mapping[Place, int], hidden: set[Place]) -> Network:
    """The counts as arcs between equations, so that what flows into an equation flows out of it.

    A row's equation (its columns add up to the whole) follows from its parts' rows where it has parts, so
    only rows without parts have one. Then each count stands in at most two equations, once on either side.
    """
    parts, whole, covers = _parts(table), _whole(table), _covers(table, weights)
    above = {line.key: key for key, lines in parts.items() for line in lines}
    arcs = {}
    for key, column, cell in _counts(table):
        own = _Node(key, column.key) if key in parts else _GROUND
        if own == _GROUND and whole is not None and whole in (column.adds_to, column.key):
            own = _Node(key, "")
        over = _Node(above[key], column.key) if key in above else _GROUND
        tail, head = (over, own) if column.key == whole else (own, over)
        place = (key, column.key)
        arcs[place] = Arc(place, tail, head, int(cell.value or 0), weights[place], covers[place])
    return Network(arcs, set(hidden))


def _protect(network: Network, place: Place) -> None:
    """Withhold more counts until this one cannot be computed back. (a) and (b) of the rule."""
    while True:
        cut = network.cut_around(place, THRESHOLD)
        if cut is None:
            return
        network.hide_one_across(cut)


def _without(table: Table, hidden: frozenset[Place]) -> Table:
    """The table with these counts withheld, and the derived figures and words that go with them."""
    return table.with_lines({_key(table, line): _line_without(table, line, hidden) for line in table.lines()})


def _line_without(table: Table, line: Line, hidden: frozenset[Place]) -> Line:
    key = _key(table, line)
    cells = []
    for column, cell in zip(table.columns, line.cells, strict=True):
        gone = (key, column.rests_on or column.key) in hidden and not _is_nothing(column, cell)
        small = column.rests_on is not None and 0 < cell.households < THRESHOLD
        cells.append(WITHHELD if gone or small else cell)
    counts = [cell for column, cell in zip(table.columns, cells, strict=True) if column.rests_on is None]
    words = () if any(cell.withheld for cell in counts) else line.words
    return replace(line, cells=tuple(cells), words=words)


def _is_nothing(column: Column, cell: Cell) -> bool:
    return not cell.withheld and (cell.value is None if column.rests_on else cell.value in (0, None))
