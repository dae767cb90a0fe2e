"""Ranked bars: of any table, and of barriers that come together."""

from collections.abc import Mapping

from wijkteam.reckoning.snowball import Snowball, Together
from wijkteam.reports.drawn.paper import FEW, Drawn, cell, number, said, table
from wijkteam.reports.figures import Cell, Row, Table
from wijkteam.reports.pictures import bars
from wijkteam.terms.words import UNSAID, Language, Words

TOGETHER = Words(
    "Huishoudens waarin deze twee knelpunten samen voorkomen. Er staat alleen welk knelpunt eerst kwam als dat vaker "
    "zo was dan toeval zou geven. Dat het ene eerst komt, zegt niet dat het de oorzaak is.",
    "Households in which these two barriers come together. Which one came first stands there only when that was so "
    "more often than chance would have it. That one comes first does not say that it is the cause.",
)
COLUMNS = {
    "households": Words("Huishoudens", "Households"),
    "one_first": Words("Eerste kwam eerst", "First one came first"),
    "other_first": Words("Tweede kwam eerst", "Second one came first"),
    "same_day": Words("Op dezelfde dag", "On the same day"),
}
MOST_PAIRS = 10
MOST_WITHHELD = 2
"""More lines than this without a figure become one line of a picture."""
OTHERS = Words("andere", "others")


def ranked(found: Table, column: str, title: Words, language: Language = "nl", unit: Words = UNSAID) -> Drawn:
    """Bars of one column of a table, in its order; it says which line is longest."""
    told = [row for row in found.rows if row.cells[column].value]
    if told:
        most = max(told, key=lambda row: row.cells[column].value or 0)
        value = number(most.cells[column].value or 0, "nl"), number(most.cells[column].value or 0, "en")
        seen = Words(
            f"Het meest: {most.label}, {value[0]} {unit.nl}".strip() + ".",
            f"Most: {most.label}, {value[1]} {unit.en}".strip() + ".",
        )
    else:
        seen = Words(f"{FEW.nl.capitalize()}.", f"{FEW.en.capitalize()}.")
    shown = _without_many_withheld(found, column, language)
    drawn = bars(shown, said(title, language), column, said(unit, language), said(FEW, language))
    return Drawn(drawn, found, seen)


def _without_many_withheld(found: Table, column: str, language: Language) -> Table:
    """The lines that have a bar, and one line for all others that are withheld, when those are many."""
    away = [row for row in found.rows if row.cells[column].withheld]
    if len(away) <= MOST_WITHHELD:
        return found
    kept = tuple(row for row in found.rows if not row.cells[column].withheld)
    together = Row("withheld", f"{len(away)} {said(OTHERS, language)}", dict.fromkeys(found.columns, Cell(None, True)))
    return Table(found.definition, found.columns, (*kept, together))


def together(found: Snowball, titles: Mapping[str, Words], title: Words, language: Language = "nl") -> Drawn:
    """The barriers that come together most, each pair with what clearly comes first; `titles` by barrier."""
    shown = [pair for pair in found.pairs if pair.households is not None][:MOST_PAIRS]
    rows = [Row(f"{pair.one}+{pair.other}", said(_named(pair, titles), language), _cells(pair)) for pair in shown]
    made = table("together", title, TOGETHER, COLUMNS, rows, language)
    if not shown:
        return Drawn("", made, Words(f"Knelpunten samen: {FEW.nl}.", f"Barriers together: {FEW.en}."))
    most = shown[0]
    name = _named(most, titles)
    seen = Words(
        f"Het vaakst samen: {name.nl}, bij {most.households} huishoudens.",
        f"Together most often: {name.en}, in {most.households} households.",
    )
    drawn = bars(made, said(title, language), "households", few=said(FEW, language))
    return Drawn(drawn, made, seen)


def _cells(pair: Together) -> dict[str, Cell]:
    order = pair.order
    if order is None:
        return {"households": cell(pair.households)} | {
            name: cell(None, True) for name in ("one_first", "other_first", "same_day")
        }
    counts = (order.one_first, order.other_first) if pair.first != pair.other else (order.other_first, order.one_first)
    return {
        "households": cell(pair.households),
        "one_first": cell(counts[0]),
        "other_first": cell(counts[1]),
        "same_day": cell(order.same_day),
    }


def _named(pair: Together, titles: Mapping[str, Words]) -> Words:
    """The pair in words, what clearly comes first named first."""
    names = (pair.other, pair.one) if pair.first == pair.other else (pair.one, pair.other)
    first, second = (titles.get(each, Words(each, each)) for each in names)
    if pair.first is None:
        return Words(f"{first.nl} en {second.nl}", f"{first.en} and {second.en}")
    return Words(f"{first.nl}, daarna {second.nl}", f"{first.en}, then {second.en}")
