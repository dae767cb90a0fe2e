"""What the figures of outcome mean, in Dutch and in English."""

from wijkteam.engine.definition import Text
from wijkteam.figures.telling import LEFT_OUT, Definition, Figure
from wijkteam.measuring.instrument import Instrument
from wijkteam.reports.withholding import TOTAL

OUTCOMES = Definition(
    "outcomes",
    Text(nl="Wat is bereikt", en="What was achieved"),
    Text(
        nl="Casussen waarvan de uitkomst in de periode is vastgelegd. 'Niet gelukt' is ook een uitkomst.",
        en="Cases of which the outcome was recorded in the period. 'Not achieved' is an outcome too.",
    ),
)
OUTCOME_COLUMNS = {
    "all": Text(nl="Casussen", en="Cases"),
    "achieved": Text(nl="Gelukt", en="Achieved"),
    "partly": Text(nl="Deels gelukt", en="Partly achieved"),
    "not_achieved": Text(nl="Niet gelukt", en="Not achieved"),
}
NOT_ACHIEVED = Definition(
    "not_achieved",
    Text(nl="Wat niet lukte", en="What did not work"),
    Text(
        nl="Casussen met uitkomst niet of deels gelukt, naar wat in de weg zat.",
        en="Cases with outcome not or partly achieved, by what stood in the way.",
    ),
)
BOTH = "both"
NOT_ACHIEVED_COLUMNS = {
    BOTH: Text(nl="Niet of deels gelukt", en="Not or partly achieved"),
    "not_achieved": OUTCOME_COLUMNS["not_achieved"],
    "partly": OUTCOME_COLUMNS["partly"],
}
GOALS = Definition(
    "goals",
    Text(nl="Doelen", en="Goals"),
    Text(
        nl="Doelen van huishoudens die in de periode eindigden, naar leefgebied.",
        en="Goals of households that ended in the period, by life domain.",
    ),
)
GOAL_COLUMNS = {
    **OUTCOME_COLUMNS,
    "all": Text(nl="Doelen", en="Goals"),
    "dropped": Text(nl="Niet meer nodig", en="No longer needed"),
}
OWN_ANSWERS = Definition(
    "own_answers",
    Text(nl="Wat bewoners zelf vinden", en="What residents find themselves"),
    Text(
        nl="Doelen die in de periode eindigden, naar wat de bewoner zelf van de uitkomst vindt.",
        en="Goals that ended in the period, by what the resident finds of the outcome.",
    ),
    Text(
        nl=f"Van wie niets zei, weten we het niet; die groep staat erbij. {LEFT_OUT.nl}",
        en=f"Of who said nothing we do not know; that group is shown. {LEFT_OUT.en}",
    ),
)
OWN_COLUMNS = {
    "all": Text(nl="Doelen", en="Goals"),
    "good": Text(nl="Goed", en="Well"),
    "fair": Text(nl="Gaat wel", en="So-so"),
    "bad": Text(nl="Niet goed", en="Not well"),
    "unsaid": Text(nl="Niet gezegd", en="Not said"),
}
RETURNS = Definition(
    "returns",
    Text(nl="Teruggekomen binnen een jaar", en="Came back within a year"),
    Text(
        nl="Casussen die in de periode zijn gesloten. Teruggekomen: voor hetzelfde huishouden begon binnen 365 dagen "
        "een nieuwe casus.",
        en="Cases that were closed in the period. Came back: a new case began for the same household within 365 days.",
    ),
    Text(
        nl="Wat aan het eind van de laatste hele maand nog geen jaar dicht was, kan nog terugkomen en staat apart. "
        f"{LEFT_OUT.nl}",
        en="What was closed less than a year at the end of the last whole month can still come back, and stands apart. "
        f"{LEFT_OUT.en}",
    ),
)
RETURN_COLUMNS = {
    "all": Text(nl="Gesloten", en="Closed"),
    "returned": Text(nl="Teruggekomen", en="Came back"),
    "stayed_away": Text(nl="Niet teruggekomen", en="Did not come back"),
    "too_early": Text(nl="Nog geen jaar dicht", en="Closed less than a year"),
}
CHANGE_COLUMNS = {
    "all": Text(nl="Twee keer gemeten", en="Measured twice"),
    "better": Text(nl="Beter", en="Better"),
    "same": Text(nl="Gelijk", en="The same"),
    "worse": Text(nl="Slechter", en="Worse"),
}
MISSING_COLUMNS = {
    "all": Text(nl="Casussen met uitkomst", en="Cases with an outcome"),
    "measured": Text(nl="Begin en eind gemeten", en="Measured at start and end"),
    "missing": Text(nl="Niet of één keer gemeten", en="Not measured, or once"),
}


def seen_in(figure: Figure) -> Text | None:
    """What a table of what became of people says as a whole, in a sentence; None where that may not be told."""
    code = figure.definition.code
    if code.startswith(CHANGED):
        return _seen_changed(figure)
    told = SEEN.get(MISSED if code.startswith(MISSED) else code)
    row = next((each for each in figure.rows if each.key == TOTAL), None)
    if told is None or row is None:
        return None
    column, nl, en = told
    whole, part = row.cells["all"].value, row.cells[column].value
    if not whole or part is None:
        return None
    share = f"{round(100 * part / whole)}%"
    return Text(nl=nl.format(whole=whole, part=part, share=share), en=en.format(whole=whole, part=part, share=share))


def _seen_changed(figure: Figure) -> Text | None:
    """In which domain most got better."""
    told = [row for row in figure.rows if row.cells["better"].value and row.cells["all"].value]
    if not told:
        return None
    most = max(told, key=lambda row: row.cells["better"].value or 0)
    better, whole = most.cells["better"].value, most.cells["all"].value
    return Text(
        nl=f"Het vaakst beter: {most.label.nl}, {better} van de {whole} keer.",
        en=f"Most often better: {most.label.en}, {better} of {whole} times.",
    )


CHANGED, MISSED = "change_", "missing_"
"""How the codes of the tables begin that there is one of for each instrument."""
SEEN = {
    MISSED: (
        "missing",
        "Van {part} van de {whole} casussen met een uitkomst weten we het niet ({share}).",
        "Of {part} of {whole} cases with an outcome we do not know ({share}).",
    ),
    OUTCOMES.code: (
        "achieved",
        "Van {whole} casussen met een uitkomst lukten er {part} ({share}).",
        "Of {whole} cases with an outcome {part} were achieved ({share}).",
    ),
    GOALS.code: (
        "achieved",
        "Van {whole} doelen zijn er {part} gelukt ({share}).",
        "Of {whole} goals {part} were achieved ({share}).",
    ),
    OWN_ANSWERS.code: (
        "good",
        "Bij {part} van {whole} doelen vindt de bewoner zelf dat het goed ging ({share}).",
        "For {part} of {whole} goals the resident says that it went well ({share}).",
    ),
    RETURNS.code: (
        "returned",
        "Van {whole} gesloten casussen kwamen er {part} terug ({share}).",
        "Of {whole} closed cases {part} came back ({share}).",
    ),
}
"""By table: the column that tells most, and the sentence that says it."""


def _titled(name: str, instrument: Instrument | None) -> Text:
    return Text(nl=name, en=name) if instrument is None else instrument.title


def change_definition(name: str, instrument: Instrument | None) -> Definition:
    """What the change on one instrument means, and who answered."""
    title = _titled(name, instrument)
    own = instrument is not None and instrument.answered_by == "resident"
    who_nl, who_en = ("de bewoner zelf", "The resident") if own else ("de professional", "The professional")
    return Definition(
        f"{CHANGED}{name}",
        Text(nl=f"Veranderd: {title.nl}", en=f"Changed: {title.en}"),
        Text(
            nl=f"Eerste tegen laatste meting van casussen met een uitkomst in de periode. Het antwoord gaf {who_nl}.",
            en=f"First against latest measurement of cases with an outcome in the period. {who_en} answered.",
        ),
        Text(
            nl=f"Wie niet twee keer is gemeten, telt niet mee; hoeveel dat er zijn, staat apart. {LEFT_OUT.nl}",
            en=f"Who was not measured twice is not counted; how many those are stands apart. {LEFT_OUT.en}",
        ),
    )


def missing_definition(name: str, instrument: Instrument | None) -> Definition:
    """Of whom the change on one instrument is not known."""
    title = _titled(name, instrument)
    return Definition(
        f"{MISSED}{name}",
        Text(nl=f"Van wie we het niet weten: {title.nl}", en=f"Of whom we do not know: {title.en}"),
        Text(
            nl="Casussen met een uitkomst in de periode, en of daarin aan het begin en aan het eind is gemeten.",
            en="Cases with an outcome in the period, and whether they were measured at the start and at the end.",
        ),
    )
