"""Which subjects programs can read and act on, what of them is told, and which belong to a case."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

from wijkteam.access.model import BreakGlass, GuestAccess
from wijkteam.appointments.model import Appointment
from wijkteam.case_files.model import CaseFile
from wijkteam.cases.model import HouseholdCase
from wijkteam.data_requests.model import DataRequest
from wijkteam.escalation.model import Backing, Breakthrough, Escalation, StructuralEscalation
from wijkteam.exporting.model import FullExport
from wijkteam.exporting.vocabulary import MAKE
from wijkteam.legal_terms.model import LegalTerm
from wijkteam.letters.model import Letter
from wijkteam.mandate.model import MandateRequest, RegisterChange
from wijkteam.measuring.model import Measurement
from wijkteam.network.model import Helper, Relation
from wijkteam.objections.model import Objection
from wijkteam.plans.model import Agreement, Approach, Goal, PlanConsent, PlanLine
from wijkteam.quotes.model import Quote
from wijkteam.residents.model import Resident
from wijkteam.retention.model import Correction, DestructionList
from wijkteam.signals.acting import RESIDENT
from wijkteam.signals.model import ConductComplaint, ResidentSignal
from wijkteam.storage.subject import SubjectColumns
from wijkteam.tracks.model import Track
from wijkteam.web.protection import STEPS as OF_PROTECTION


class Under(Enum):
    """How a subject hangs together with a case."""

    IS = auto()
    """It is the case."""
    READS_CASE = auto()
    """Only who reads all of the case reads it."""
    AT_HOME = auto()
    """It belongs to a household: only who works on a case of that household reads it."""
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
    more: Mapping[str, Mapping[str, Any]] = field(default_factory=dict, hash=False)
    """What is told besides columns: attributes of the row, each with its schema."""
    gone: frozenset[str] = frozenset()
    """States in which it is not told of any more."""
    in_parts: bool = False
    """Whether some may read only what stands in a list; the rest of it is null to them."""
    great: bool = False
    """Whether its steps ask for a recent proof of who takes them, as on the pages."""

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
REMOVED = frozenset({"removed"})

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
        "conduct-complaints",
        "ConductComplaint",
        "complaint_id",
        ConductComplaint,
        Under.NONE,
        "klacht",
        ("team_id", "handler_id", "words"),
        ("handler_id", "received_by"),
    ),
    Kind(
        "data-requests",
        "DataRequest",
        "request_id",
        DataRequest,
        Under.NONE,
        "AVG-verzoek",
        ("kind", "received_on", "handler_id"),
        ("handler_id", "received_by", "asked_id"),
        hidden=frozenset({"suspended_days"}),
    ),
    Kind(
        "register-changes",
        "RegisterChange",
        "change_id",
        RegisterChange,
        Under.NONE,
        "registerwijziging",
        ("proposer_id", "why", "decided_by"),
        ("proposer_id",),
        hidden=frozenset({"proposed"}),
        great=True,
    ),
    Kind(
        "destruction-lists",
        "DestructionList",
        "list_id",
        DestructionList,
        Under.NONE,
        "vernietigingslijst",
        ("reckoned_on", "listed", "drawn_up_by", "signed_by"),
        ("drawn_up_by",),
        great=True,
    ),
    Kind(
        "full-exports",
        "FullExport",
        "export_id",
        FullExport,
        Under.NONE,
        "uitvoer",
        ("asked_by", "why", "with_bsn", "consented_by"),
        ("asked_by",),
        without=frozenset({MAKE}),
        great=True,
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
    Kind(
        "residents",
        "Resident",
        "resident_id",
        Resident,
        Under.AT_HOME,
        "bewoner",
        ("name", "role", "birth_date", "lived_since", "left_on"),
        hidden=frozenset({"bsn_sealed", "bsn_index", "bsn_ground", "bsn_purpose", "bsn_set_by", "bsn_set_at"}),
        without=frozenset({"erase"}),
        gone=REMOVED,
    ),
    Kind(
        "helpers",
        "Helper",
        "helper_id",
        Helper,
        Under.AT_HOME,
        "hulp",
        ("name", "kind", "does_what", "organisation"),
        gone=REMOVED,
    ),
    Kind(
        "relations",
        "Relation",
        "relation_id",
        Relation,
        Under.AT_HOME,
        "huishouden",
        ("resident_id", "kind", "to_resident_id", "to_helper_id", "since", "ended_on"),
        gone=REMOVED,
    ),
    Kind(
        "plan-consents",
        "PlanConsent",
        "consent_id",
        PlanConsent,
        Under.READS_CASE,
        "plan",
        ("case_id", "covers", "who", "answer", "on_day"),
    ),
    Kind(
        "measurements",
        "Measurement",
        "measurement_id",
        Measurement,
        Under.READS_CASE,
        "meting",
        ("case_id", "instrument", "resident_id", "taken_on"),
        ("measured_by",),
        hidden=frozenset({"scores"}),
        without=frozenset({"replace"}),
        more={"levels": {"type": "object", "additionalProperties": {"type": "integer"}}},
    ),
    Kind(
        "quotes",
        "Quote",
        "quote_id",
        Quote,
        Under.MAY,
        "citaat",
        ("case_id", "person_id", "said_by", "words", "barrier"),
        ("person_id",),
    ),
    Kind(
        "documents",
        "Document",
        "file_id",
        CaseFile,
        Under.READS_CASE,
        "document",
        ("case_id", "name", "why", "added_by"),
        gone=REMOVED,
    ),
    Kind(
        "shares",
        "Share",
        "share_id",
        GuestAccess,
        Under.READS_CASE,
        "gedeeld",
        ("case_id", "person_id", "ground", "first_day", "last_day"),
        ("shared_by",),
    ),
    Kind(
        "broken-glass",
        "BrokenGlass",
        "glass_id",
        BreakGlass,
        Under.MAY,
        "glas gebroken",
        ("case_id", "person_id", "until", "judgement"),
        ("person_id",),
    ),
    Kind(
        "corrections",
        "Correction",
        "correction_id",
        Correction,
        Under.MAY,
        "correctie",
        ("case_id", "about_event"),
        ("asked_by",),
    ),
    Kind(
        "objections",
        "Objection",
        "objection_id",
        Objection,
        Under.MAY,
        "bezwaar",
        ("case_id", "decision_id", "received_on"),
        ("handler_id",),
        hidden=frozenset({"kept_from"}),
        in_parts=True,
    ),
)
BY_NAME = {each.name: each for each in KINDS}
NOBODYS_STEP = frozenset({RESIDENT})
"""Roles that no signed-in person has."""
