"""What published figures say of wijken and buurten, beside what our people ask there.

A published figure is of all who live in an area, and anybody may know it: nothing of it is withheld. What is asked is
the same cell as in the tables by wijk and buurt, withheld where those withhold it; a rate is reckoned of such a cell
alone, so that it says no more.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from wijkteam.area_figures.mapping import AreaFiguresMapping, Measure
from wijkteam.area_figures.model import AreaFigure
from wijkteam.engine.definition import Text
from wijkteam.figures.escalations import Reckoning
from wijkteam.figures.safe import ASKED
from wijkteam.figures.telling import LEFT_OUT, NOT_KNOWN, Definition, Figure, Row
from wijkteam.reports.figures import Cell

HOUSEHOLDS = "households"
RATE = "rate"
WHOLE = Text(nl="De hele gemeente", en="The whole municipality")
UNITS = {
    "percent": Text(nl="%", en="%"),
    "euros": Text(nl="euro", en="euro"),
    "thousand_euros": Text(nl="× € 1.000", en="× € 1,000"),
}
TITLE = Text(nl="Cijfers over de buurt ernaast", en="Figures of the area beside it")


@dataclass(frozen=True)
class Published:
    """One measure in the year nearest to the one asked: its figures by code of CBS."""

    name: str
    measure: Measure
    year: int
    values: Mapping[str, float]


def nearest(session: Session, mapping: AreaFiguresMapping, year: int) -> list[Published]:
    """Each measure that stands beside, of the year that is nearest; of two that are as near, the earlier.

    Measures of which there are no figures at all are left out.
    """
    years: dict[str, set[int]] = {}
    for name, found in session.execute(select(AreaFigure.measure, AreaFigure.year).distinct()):
        years.setdefault(name, set()).add(found)
    told = []
    for name in mapping.beside or mapping.measures:
        if name in years and name in mapping.measures:
            chosen = min(years[name], key=lambda each: (abs(each - year), each))
            rows = select(AreaFigure.code, AreaFigure.value).where(
                AreaFigure.measure == name, AreaFigure.year == chosen
            )
            values = {code: value for code, value in session.execute(rows)}
            told.append(Published(name, mapping.measures[name], chosen, values))
    return told


def beside_figures(session: Session, reckoning: Reckoning, mapping: AreaFiguresMapping) -> Figure | None:
    """The areas of the scope with what was asked there and what is published of them; None without such figures.

    Of a municipality as a whole, its wijken, with their buurten where anything was asked; of one wijk, all its buurten.
    Not told under a barrier, for buurten are not told by barrier.
    """
    if reckoning.scope.barrier is not None:
        return None
    published = nearest(session, mapping, reckoning.scope.last.year)
    if not published:
        return None
    living = next((each for each in published if each.name == HOUSEHOLDS), None)
    rows = list(_rows(reckoning, published, living))
    columns = {ASKED: Text(nl="Gevraagd", en="Asked")}
    if living is not None:
        columns[RATE] = Text(nl="Gevraagd per 1.000 huishoudens", en="Asked per 1,000 households")
    columns |= {each.name: _titled(each) for each in published}
    counted = reckoning.cell((reckoning.where, "", "", ASKED))
    return Figure(_definition(mapping, published), reckoning.scope, counted, columns, tuple(rows))


def _rows(reckoning: Reckoning, published: list[Published], living: Published | None) -> Iterable[Row]:
    places, wijk = reckoning.places, reckoning.scope.wijk
    if wijk is None:
        codes = [*places.wijken, *(code for code in places.wijk_of if _asked_in(reckoning, code))]
    else:
        codes = [code for code, above in places.wijk_of.items() if above == wijk]
    rows = [
        Row(
            code,
            _name(reckoning, code),
            _cells(reckoning, code, code, published, living),
            places.wijk_of.get(code) if wijk is None else None,
        )
        for code in codes
        if any(code in each.values for each in published)
    ]
    around = {f"GM{code[2:6]}" for code in places.wijken}
    for code in sorted(around):
        yield Row(code, WHOLE, _cells(reckoning, code, "", published, living))
    tops = sorted((row for row in rows if row.part_of is None), key=_order)
    for top in tops:
        yield top
        yield from sorted((row for row in rows if row.part_of == top.key), key=_order)


def _asked_in(reckoning: Reckoning, code: str) -> bool:
    return reckoning.counts.of((code, "", "", ASKED)).value > 0


def _order(row: Row) -> tuple[float, str]:
    return -(row.cells[ASKED].value or 0), row.label.nl


def _cells(
    reckoning: Reckoning, code: str, place: str, published: list[Published], living: Published | None
) -> dict[str, Cell]:
    asked = reckoning.cell((place, "", "", ASKED))
    cells = {ASKED: asked}
    if living is not None:
        homes = living.values.get(code)
        rate = None if asked.value is None or not homes else round(1000 * asked.value / homes, 1)
        cells[RATE] = Cell(rate, asked.withheld)
    for each in published:
        value = each.values.get(code)
        cells[each.name] = Cell(int(value) if value is not None and value == int(value) else value)
    return cells


def _name(reckoning: Reckoning, code: str) -> Text:
    told = reckoning.places.wijken.get(code) or reckoning.places.buurten.get(code)
    return NOT_KNOWN if told is None else Text(nl=told, en=told)


def _titled(each: Published) -> Text:
    title, unit = each.measure.title, UNITS.get(each.measure.unit)
    nl, en = (title.nl, title.en) if unit is None else (f"{title.nl} ({unit.nl})", f"{title.en} ({unit.en})")
    return Text(nl=f"{nl}, {each.year}", en=f"{en}, {each.year}")


def _definition(mapping: AreaFiguresMapping, published: list[Published]) -> Definition:
    years = ", ".join(str(each) for each in sorted({each.year for each in published}))
    return Definition(
        "areas",
        TITLE,
        Text(
            nl="Wat is gevraagd, naast wat is gepubliceerd over iedereen die er woont. Buurten waar niets is gevraagd, "
            "staan erbij als u één wijk kiest. Een gemiddelde zegt niets over één huishouden. De cijfers zijn van het "
            f"jaar dat het dichtst bij dit verslag ligt: {years}.",
            en="What was asked, beside what is published of all who live there. Buurten where nothing was asked stand "
            "there when you choose one wijk. An average says nothing of one household. The figures are of the year "
            f"nearest to this report: {years}.",
        ),
        Text(
            nl=f"Bron: {mapping.source}. {LEFT_OUT.nl}",
            en=f"Source: {mapping.source}. {LEFT_OUT.en}",
        ),
    )


def seen_beside(figure: Figure) -> Text:
    """One sentence: where is asked most, and what a published share is there and in the municipality; or nothing."""
    shares = [name for name, title in figure.columns.items() if title.nl.rpartition(",")[0].endswith("(%)")]
    whole = next((row for row in figure.rows if row.label == WHOLE), None)
    told = [row for row in figure.rows if row.cells[ASKED].value and row is not whole]
    if not told:
        return Text(nl="Nergens genoeg om te tonen.", en="Nowhere enough to show.")
    deepest = [row for row in told if row.part_of is not None] or told
    most = max(deepest, key=lambda row: row.cells[RATE if RATE in row.cells else ASKED].value or 0)
    nl = f"{most.label.nl}: {_said(most.cells[ASKED])} keer gevraagd"
    en = f"{most.label.en}: asked {_said(most.cells[ASKED])} times"
    if RATE in most.cells and whole is not None and whole.cells[RATE].value is not None:
        nl += f", {_said(most.cells[RATE])} per 1.000 huishoudens (hele gemeente {_said(whole.cells[RATE])})"
        en += f", {most.cells[RATE].value} per 1,000 households (whole municipality {whole.cells[RATE].value})"
    for name in shares[:1]:
        if whole is not None and most.cells[name].value is not None and whole.cells[name].value is not None:
            title = figure.columns[name]
            nl += f". {title.nl}: {_said(most.cells[name])}, hele gemeente {_said(whole.cells[name])}"
            en += f". {title.en}: {most.cells[name].value}, whole municipality {whole.cells[name].value}"
    return Text(nl=f"{nl}.", en=f"{en}.")


def _said(cell: Cell) -> str:
    return f"{cell.value:,}".replace(",", "_").replace(".", ",").replace("_", ".")
