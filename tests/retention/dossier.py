"""A case with something of everything in it, opened in 2026 and closed, and the day on which it may be destroyed."""

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine, MetaData, select
from sqlalchemy.engine import make_url

from tests.conftest import Town
from wijkteam.access.grounds import Ground, log_reading
from wijkteam.cases.model import HouseholdCase
from wijkteam.cases.service import NewCase, open_case
from wijkteam.deadlines.worker import do_due_work
from wijkteam.escalation.service import NewEscalation, SentFile, attach, escalate
from wijkteam.measuring.service import NewMeasurement, take_measurement
from wijkteam.plans.model import Approach
from wijkteam.plans.service import (
    NewAgreement,
    NewApproach,
    NewConsent,
    NewGoal,
    NewLine,
    add_line,
    agree_on,
    record_consent,
    set_goal,
    try_approach,
)
from wijkteam.retention.model import DestructionList
from wijkteam.retention.service import draw_up_list
from wijkteam.terms import clock
from wijkteam.tracks.service import NewTrack, begin_track

OPENED = datetime(2026, 3, 2, 9, tzinfo=UTC)
LATER = datetime(2026, 9, 1, 9, tzinfo=UTC)
DUE = datetime(2041, 9, 2, 9, tzinfo=UTC)
NEXT = {"next_step": "Zwaluwbel", "next_step_on": "2099-01-04"}
SECRETS = (
    "Zwaluwstraat",
    "Zwaluwzorg",
    "Zwaluwbel",
    "Zwaluwnoot",
    "Zwaluwdoel",
    "Zwaluwvraag",
    "Zwaluwbestand",
    "Zwaluwplan",
)
"""Words that stand nowhere but in this case: who, what, next step, note, goal, question, file, plan."""


def full_case(town: Town, who: str = "Zwaluwstraat 12, familie Zwaluwstraat") -> HouseholdCase:
    """A case of Fenna's with a track, a decision with its letter, a request, an escalation with a file, and notes."""
    with clock.standing_at(OPENED):
        fenna = town.work("fenna")
        case = open_case(fenna, NewCase(who, "Zwaluwzorg om de huur", "Zwaluwbel", clock.today()))
        fenna.act_on(HouseholdCase, case.id, "add_note", {"note": "Zwaluwnoot: er is ruzie."})
        goal = "Zwaluwdoel: hier blijven wonen."
        begin_track(fenna, NewTrack(case.id, case.team_id, "housing", goal, "Zwaluwbel", clock.today()))
        _plan(town, case)
        motive = {"power": "mini_budget", "motivation": "Zwaluwzorg: eten", "amount": "50"}
        fenna.act_on(HouseholdCase, case.id, "decide", motive)
        asked = escalate(fenna, NewEscalation(case.id, case.team_id, "Zwaluwvraag aan u", "no_budget"))
        attach(fenna, asked.id, SentFile("Zwaluwbestand.txt", "text/plain", b"Zwaluwbestand in het bestand"))
        log_reading(fenna, case, Ground.MEMBER, "casus")
    with clock.standing_at(LATER):
        worker = town.clockwork()
        do_due_work(worker)
        town.work("fenna").act_on(
            HouseholdCase, case.id, "stop_early", {"outcome": "partly", "outcome_reason": "Zwaluwzorg voorbij"}
        )
    return case


def _plan(town: Town, case: HouseholdCase) -> None:
    """A goal that still runs when the case ends, and whatever else a plan can hold."""
    fenna, here = town.work("fenna"), {"case_id": case.id, "team_id": case.team_id}
    goal = set_goal(fenna, NewGoal(**here, words="Zwaluwplan: samen", life_domain="housing"))
    approach = try_approach(fenna, NewApproach(**here, kind="home_visits", what="Zwaluwplan: elke week"))
    said = {"result": "helped", "ingredient": "trust", "why": "Zwaluwplan: het klikte"}
    fenna.act_on(Approach, approach.id, "continue", said)
    agree_on(fenna, NewAgreement(**here, what="Zwaluwplan: bellen", who="Zwaluwplan-oma", goal_id=goal.id))
    add_line(fenna, NewLine(**here, kind="worry", line="Zwaluwplan: zorg", said_by="household"))
    consent = NewConsent(**here, covers="plan", who="Zwaluwplan-opa", answer="agreed", how="said", on_day=clock.today())
    record_consent(fenna, consent)
    scores = {"safe_at_home": 4}
    new = NewMeasurement(**here, instrument="safety", taken_on=clock.today(), scores=scores, note="Zwaluwplan: cijfer")
    take_measurement(fenna, town.house.instruments, new)


def drawn_up(town: Town, by: str = "ada", on: datetime = DUE) -> DestructionList:
    """A list of all that may be destroyed on that day."""
    with clock.standing_at(on):
        return draw_up_list(town.work(by), town.house.retention)


def signed(town: Town, by: str = "ada", signer: str = "pia", on: datetime = DUE) -> str:
    """The id of such a list, signed by another."""
    made = drawn_up(town, by, on)
    with clock.standing_at(on):
        town.work(signer).act_on(DestructionList, made.id, "sign", {})
    return made.id


def everything_in(database: Engine) -> str:
    """All that can be read in any table of the database."""
    whole = MetaData()
    whole.reflect(database)
    with database.connect() as connection:
        rows = [repr(row) for table in whole.sorted_tables for row in connection.execute(select(table))]
    return "\n".join(rows)


def bytes_of(database: Engine) -> bytes:
    """All bytes of an SQLite database: its file and the log beside it."""
    path = Path(make_url(database.url).database or "")
    return b"".join(each.read_bytes() for each in sorted(path.parent.glob(path.name + "*")))
