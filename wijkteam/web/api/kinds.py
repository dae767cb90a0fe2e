"""Which subjects programs can read and act on, what of them is told, and which belong to a case."""

from dataclasses import dataclass
from enum import Enum, auto

from wijkteam.appointments.model import Appointment
from wijkteam.cases.model import HouseholdCase
from wijkteam.escalation.model import Backing, Breakthrough, Escalation, StructuralEscalation
from wijkteam.legal_terms.model import LegalTerm
from wijkteam.letters.model import Letter
from wijkteam.mandate.model import MandateRequest
from wijkteam.plans.model import Agreement, Approach, Goal, PlanLine
from wijkteam.signals.acting import RESIDENT
from wijkteam.signals.model import ResidentSignal
from wijkteam.storage.subject import SubjectColumns
from wijkteam.tracks.model import Track
from wijkteam.web.protection import STEPS as OF_PROTECTION


class Under(Enum):
    """How a subject hangs together with a case."""

    IS = auto()
    """It is the case."""
    READS_CASE = auto()
    """Only who reads all of the case reads it."""
    MAY = auto()
    """It is read on a ground of its own; the case is named only to who reads that too."""
    NONE = auto()


@dataclass(frozen=True)
class Kind:
    """One kind of subject, as programs see it."""

    collection: str
    one: str
    """What one is called in the description of the API."""
    argument: str
    model: type[SubjectColumns]
    under: Under
    what: str
    """What reading one is called in the log of readings."""
    listed: tuple[str, ...]
    """The columns that stand in a list; reading all of one is reading it, and is logged."""
    mine: tuple[str, ...] = ()
    """The columns with the number of a person, by which it is somebody's own."""
    hidden: frozenset[str] = frozenset()
    money: frozenset[str] = frozenset()
    without: frozenset[str] = frozenset()
    """Steps that need more than fields, and so are for the pages only."""

    @property
    def name(self) -> str:
        """The name of its workflow."""
        return self.model.workflow


HIDDEN = frozenset(
    {"workflow_version", "previous_state", "household_id", "former_requesters", "source", "source_number", "reserved"}
    | {"agreed_by", "standstills", "extensions", "within", "clock", "days", "protected_why", "wijk_code", "followed"}
    | {"undone_at"}
)
"""Columns that are how it is kept, or told on a page of their own only."""

KINDS = (
    Kind(
        "cases",
        "Case",
        "case_id",
        HouseholdCase,
        Under.IS,
        "casus",
        ("owner_id", "team_id", "next_step", "next_step_on", "next_step_by"),
        ("owner_id", "new_owner_id", "next_step_by"),
        without=frozenset(OF_PROTECTION),
    ),
    Kind(
        "tracks",
        "Track",
        "track_id",
        Track,
        Under.READS_CASE,
        "spoor",
        ("case_id", "life_domain", "goal", "worker_id", "next_step", "next_step_on"),
        ("worker_id",),
    ),
    Kind(
        "goals",
        "Goal",
        "goal_id",
        Goal,
        Under.READS_CASE,
        "doel",
        ("case_id", "life_domain", "words"),
        without=frozenset({"begin_track"}),
    ),
    Kind("plan-lines", "PlanLine", "line_id", PlanLine, Under.READS_CASE, "plan", ("case_id", "kind", "line")),
    Kind("approaches", "Approach", "approach_id", Approach, Under.READS_CASE, "plan", ("case_id", "kind")),
    Kind(
        "agreements",
        "Agreement",
        "agreement_id",
        Agreement,
        Under.READS_CASE,
        "plan",
        ("case_id", "kind", "what", "who", "by_day"),
    ),
    Kind(
        "legal-terms",
        "LegalTerm",
        "term_id",
        LegalTerm,
        Under.READS_CASE,
        "termijn",
        ("case_id", "matter", "started_on", "ends_on"),
    ),
    Kind(
        "letters",
        "Letter",
        "letter_id",
        Letter,
        Under.READS_CASE,
        "brief",
        ("case_id",),
        hidden=frozenset({"content", "document"}),
    ),
    Kind(
        "appointments",
        "Appointment",
        "appointment_id",
        Appointment,
        Under.READS_CASE,
        "afspraak",
        ("case_id", "goer_id", "what_for", "starts_at", "minutes"),
        ("goer_id",),
    ),
    Kind(
        "escalations",
        "Escalation",
        "escalation_id",
        Escalation,
        Under.MAY,
        "opschaling",
        ("case_id", "team_id", "asked_by", "question", "barrier", "rung", "respond_by"),
        ("asked_by",),
        without=frozenset({"attach"}),
    ),
    Kind(
        "mandate-requests",
        "MandateRequest",
        "request_id",
        MandateRequest,
        Under.MAY,
        "mandaatverzoek",
        ("case_id", "team_id", "requester_id", "power", "amount", "reason", "answer_by"),
        ("requester_id",),
        money=frozenset({"amount", "decided_amount"}),
    ),
    Kind(
        "signals",
        "Signal",
        "signal_id",
        ResidentSignal,
        Under.NONE,
        "signaal",
        ("kind", "team_id", "handler_id", "words"),
        ("handler_id", "received_by"),
    ),
    Kind(
        "structural-escalations",
        "StructuralEscalation",
        "structural_id",
        StructuralEscalation,
        Under.NONE,
        "structurele opschaling",
        ("question", "barrier", "rung"),
        ("asked_by",),
        hidden=frozenset({"households", "others"}),
    ),
    Kind(
        "breakthroughs",
        "Breakthrough",
        "breakthrough_id",
        Breakthrough,
        Under.NONE,
        "doorbraak",
        ("title", "promised_on"),
        ("owner_id",),
    ),
    Kind(
        "backings",
        "Backing",
        "backing_id",
        Backing,
        Under.MAY,
        "rugdekking",
        ("case_id", "given_by", "given_to", "valid_until"),
        ("given_by", "given_to"),
        money=frozenset({"amount"}),
    ),
)
BY_NAME = {each.name: each for each in KINDS}
NOBODYS_STEP = frozenset({RESIDENT})
"""Roles that no signed-in person has."""
