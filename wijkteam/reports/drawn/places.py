"""A map of buurten: how often, and which ones need a look."""

from collections.abc import Collection, Iterable, Mapping

from wijkteam.reports.drawn.paper import FEW, Drawn, said, table
from wijkteam.reports.figures import Cell, Row
from wijkteam.reports.pictures import MapWords, Shape, area_map
from wijkteam.terms.words import Language, Words

MEANING = Words(
    "Aantal per buurt. Een dikke rand: deze buurt vraagt aandacht volgens de regels van het verslag.",
    "Count per buurt. A thick edge: this buurt asks for a look by the rules of the report.",
)
COLUMNS = {"count": Words("Aantal", "Count")}
NONE = Words("geen", "none")
UP_TO = Words("tot en met", "to")
LOOK = Words("vraagt aandacht", "asks for a look")


def place_map(
    shapes: Iterable[Shape],
    counts: Mapping[str, Cell],
    title: Words,
    flagged: Collection[str] = (),
    language: Language = "nl",
) -> Drawn:
    """The buurten shaded by their count, those in `flagged` (codes) with a thick edge."""
    areas = list(shapes)
    names = {each.code: each.name for each in areas}
    rows = [
        Row(code, f"{names[code]} ({said(LOOK, language)})" if code in flagged else names[code], {"count": found})
        for code, found in counts.items()
        if code in names
    ]
    rows.sort(key=lambda row: (-(row.cells["count"].value or 0), row.label))
    made = table("places", title, MEANING, COLUMNS, rows, language)
    seen = _seen([names[code] for code in flagged if code in names], rows, names)
    words = MapWords(*(said(each, language) for each in (NONE, FEW, UP_TO, LOOK)))
    drawn = area_map(areas, counts, said(title, language), flagged, words, said(seen, language))
    return Drawn(drawn, made, seen)


def _seen(flagged: list[str], rows: list[Row], names: Mapping[str, str]) -> Words:
    told = [row for row in rows if row.cells["count"].value]
    if not told:
        return Words("Nergens genoeg om te tonen.", "Nowhere enough to show.")
    most, count = names[told[0].key], told[0].cells["count"].value
    nl, en = f"Het meest in {most}: {count}.", f"Most in {most}: {count}."
    if flagged:
        listed = ", ".join(sorted(flagged))
        nl, en = f"{nl} Vraagt aandacht: {listed}.", f"{en} Asks for a look: {listed}."
    return Words(nl, en)
