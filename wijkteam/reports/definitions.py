"""The standing definitions of the escalation report's tables and columns."""

from wijkteam.engine.definition import Text
from wijkteam.reports.figures import Column, Definition

_ASKED = "escalation.open"
_MOVES = ("escalation.pass_up", "escalation.climb", "escalation.step_down", "escalation.ask_again")
_ANSWERS = ("escalation.answer", "escalation.take_note")
_ENDS = ("escalation.resolve", "escalation.withdraw")
_LEFT_OUT = Text(
    nl="Opschalingen van voor of na de periode..",
    en="Escalations from before or after the period..",
)


def _of_escalations(code: str, title: Text, grouped: Text) -> Definition:
    meaning = Text(
        nl=f"Opschalingen die in de periode zijn gevraagd. {grouped.nl}",
        en=f"Escalations asked in the period. {grouped.en}",
    )
    return Definition(code, title, meaning, (_ASKED, *_MOVES, *_ANSWERS, *_ENDS), _LEFT_OUT)


PER_RUNG = _of_escalations(
    "per_rung",
    Text(nl="Opschalingen per trede", en="Escalations per rung"),
    Text(
        nl="Elke opschaling telt één keer: bij de hoogste trede die zij bereikte.",
        en="Each counts once: on the highest rung that it reached.",
    ),
)
PER_BARRIER = _of_escalations(
    "per_barrier",
    Text(nl="Opschalingen per knelpunt", en="Escalations per barrier"),
    Text(
        nl="Elke opschaling telt één keer: bij het knelpunt dat de vrager koos.",
        en="Each counts once: under the barrier that the asker chose.",
    ),
)
PER_WIJK = _of_escalations(
    "per_wijk",
    Text(nl="Opschalingen per wijk", en="Escalations per wijk"),
    Text(
        nl="Elke opschaling telt in de wijk van het huishouden.",
        en="Each counts in the wijk where the household lives.",
    ),
)
PER_BUURT = _of_escalations(
    "per_buurt",
    Text(nl="Opschalingen per buurt", en="Escalations per buurt"),
    Text(
        nl="Elke opschaling telt in de buurt van het huishouden.",
        en="Each counts in the buurt where the household lives.",
    ),
)
WAITING = Definition(
    "waiting",
    Text(nl="Wachten op antwoord", en="Waiting for an answer"),
    Text(
        nl="Werkdagen van de vraag tot het eerste antwoord, per hoogste trede. "
        "De helft wacht korter dan de mediaan. Negen van de tien wachten korter dan de 90%-grens.",
        en="Working days from the question to the first answer, per highest rung. "
        "Half waits less than the median. Nine in ten wait less than the 90% limit.",
    ),
    (_ASKED, *_MOVES, *_ANSWERS),
    Text(
        nl="Wat nog geen antwoord heeft, telt niet mee. Het oudste open verzoek staat er wel bij.",
        en="What has no answer yet is not in the waiting time. The oldest open request is shown.",
    ),
)
NOT_ACHIEVED = Definition(
    "not_achieved",
    Text(nl="Wat niet is gelukt", en="What was not achieved"),
    Text(
        nl="Casussen die in de periode zijn gesloten met als uitkomst: niet gelukt. Per knelpunt.",
        en="Cases closed in the period with as outcome: not achieved. Per barrier.",
    ),
    ("household_case.close", "household_case.stop_early"),
    Text(
        nl="Casussen die deels zijn gelukt, en casussen die weer zijn opgepakt.",
        en="Cases that were partly achieved, and cases that were taken up again.",
    ),
)

OPENED = Column(
    "opened",
    Text(nl="Gevraagd", en="Asked"),
    Text(nl="Gevraagd in de periode.", en="Asked in the period."),
)
ANSWERED = Column(
    "answered",
    Text(nl="Beantwoord", en="Answered"),
    Text(nl="Heeft een antwoord, of is voor kennisgeving gelezen.", en="Has an answer, or was noted."),
    adds_to="opened",
)
STILL_OPEN = Column(
    "still_open",
    Text(nl="Wacht nog", en="Still open"),
    Text(nl="Wacht nog op een antwoord.", en="Still waits for an answer."),
    adds_to="opened",
)
WITHDRAWN = Column(
    "withdrawn",
    Text(nl="Ingetrokken", en="Withdrawn"),
    Text(nl="Ingetrokken voordat er een antwoord was.", en="Withdrawn before there was an answer."),
    adds_to="opened",
)
LATE = Column(
    "late",
    Text(nl="Te laat", en="Late"),
    Text(nl="Antwoord na de termijn, of de termijn is voorbij.", en="Answered after the term, or overdue."),
    part_of="opened",
)
_WORKING_DAYS = Text(nl="werkdagen", en="working days")
WAITING_MEDIAN = Column(
    "waiting_median",
    Text(nl="Wachttijd, mediaan", en="Waiting, median"),
    Text(nl="De helft wacht korter dan dit.", en="Half waits less than this."),
    rests_on="answered",
    unit=_WORKING_DAYS,
)
WAITING_P90 = Column(
    "waiting_p90",
    Text(nl="Wachttijd, 90%", en="Waiting, 90%"),
    Text(nl="Negen van de tien wachten korter dan dit.", en="Nine in ten wait less than this."),
    rests_on="answered",
    unit=_WORKING_DAYS,
)
ANSWERED_LATE = Column(
    "answered_late",
    Text(nl="Te laat beantwoord", en="Answered late"),
    Text(nl="Antwoord kwam na de termijn.", en="The answer came after the term."),
    part_of="answered",
)
OLDEST_OPEN = Column(
    "oldest_open",
    Text(nl="Oudste open verzoek", en="Oldest open request"),
    Text(
        nl="Zo lang wacht het verzoek dat het langst open staat.", en="How long the longest open one waits."
    ),
    rests_on="still_open",
    unit=_WORKING_DAYS,
)
CLOSED_NOT_ACHIEVED = Column(
    "cases",
    Text(nl="Casussen", en="Cases"),
    Text(nl="Gesloten casussen die niet zijn gelukt.", en="Closed cases that were not achieved."),
)

COUNTED = (OPENED, ANSWERED, STILL_OPEN, WITHDRAWN, LATE, WAITING_MEDIAN)
"""Columns of the tables per rung, barrier, wijk and buurt."""
WAITED = (ANSWERED, STILL_OPEN, WAITING_MEDIAN, WAITING_P90, ANSWERED_LATE, OLDEST_OPEN)
"""Columns of the table on waiting; without `opened`, so `adds_to` does not bind there."""
