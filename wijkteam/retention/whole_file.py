"""A resident's whole file (AVG art. 15): everything that is kept about a household, to read and for a machine.

Whatever a person wrote can name others. No program sees that: every text has a number, a person reads the whole before
it is handed over, says which texts are left out for the rights of others (AVG art. 15(4)), and is named as the one who
checked. Until then every page says that it was not checked. Who works here is told by function and not by name: the
resident has a right to know who got the data, not to the names of those who did their work (HvJ EU C-579/21).
"""

import io
import json
import zipfile
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from wijkteam.access.grounds import Ground, Grounds, log_reading
from wijkteam.access.model import GuestAccess, Reading
from wijkteam.access.reading_log import How, log_command
from wijkteam.cases import queries as case_queries
from wijkteam.cases.model import HouseholdCase
from wijkteam.data_requests.model import DataRequest
from wijkteam.data_requests.queries import of_household
from wijkteam.documents.model import Document
from wijkteam.documents.pdf import make_pdf
from wijkteam.engine.running import Engine
from wijkteam.engine.titles import step_title
from wijkteam.events.chain import plain
from wijkteam.events.model import Erasure, Event
from wijkteam.events.payloads import CannotOpenPayload
from wijkteam.events.queries import events_of, recorded
from wijkteam.mandate.model import Decision
from wijkteam.network.model import Helper, Relation
from wijkteam.network.queries import all_helpers_of, all_relations_of
from wijkteam.people import queries as people
from wijkteam.people.acting import ActingPerson
from wijkteam.people.ever_held import functions_ever_held
from wijkteam.residents.model import Resident
from wijkteam.residents.queries import all_residents_of
from wijkteam.retention.contents import texts_of
from wijkteam.retention.queries import OFFICER, cases_of_household
from wijkteam.retention.selecting import CASE, cases, kinds_within_a_case
from wijkteam.retention.table import RetentionTable
from wijkteam.storage.work import Work
from wijkteam.terms import clock
from wijkteam.zgw.queries import zaak_news, zaak_of

LEFT_OUT = "[Weggelaten: dit gaat over een ander (AVG artikel 15 lid 4).]"
CANNOT_BE_READ = "[Staat er, maar kan nu niet gelezen worden. Vraag de beheerder.]"
EXPORT = "export"


class NoSuchHousehold(LookupError):
    """There is no household with this number, or nothing is kept about it any more."""


def case_to_hand_over(
    session: Session, grounds: Grounds, person: ActingPerson, case_id: str
) -> tuple[HouseholdCase, Ground] | None:
    """The case, and the ground on which the file of its household may be made; None for who may not make it.

    For the owner of all cases of the household, and for the privacy officer. Asked with a session that sees
    everything, for it is about all those cases.
    """
    case = case_queries.find_case(session, case_id)
    if case is None:
        return None
    mine = all(each.owner_id == person.person_id for each in cases_of_household(session, case.household_id))
    ground = grounds.ground(session, person, case)
    if mine and ground is not None:
        return case, ground
    return (case, ground or Ground.OFFICER) if OFFICER in person.functions else None


@dataclass(frozen=True)
class Attachment:
    """A file that goes along: the name under which it is written, and what is in it."""

    name: str
    content: bytes


@dataclass
class WholeFile:
    """All of it: what a machine reads, and the files beside it."""

    content: dict[str, Any]
    attachments: list[Attachment] = field(default_factory=list)


@dataclass(frozen=True)
class Handing:
    """How it is handed over: which texts are left out, and who read all of it; empty while nobody did."""

    left_out: Collection[str] = ()
    checked_by: str = ""


def make_whole_file(
    work: Work, table: RetentionTable, household_id: int, handing: Handing, ground: Ground
) -> WholeFile:
    """Everything about a household, logged as a reading of each of its cases. Raises NoSuchHousehold."""
    with work.transaction() as session:
        gone = set(session.scalars(select(Erasure.subject_id).where(Erasure.sequence == 0)))
        rows = select(HouseholdCase).where(HouseholdCase.household_id == household_id).order_by(HouseholdCase.opened_at)
        found = [case for case in session.scalars(rows) if case.id not in gone]
        if not found:
            raise NoSuchHousehold(str(household_id))
        made = _Gathering(session, work.engine, table, handing).whole(household_id, found)
        for case in found:
            if work.origin.account is not None:
                log_command(work, case.id, EXPORT)
            else:
                log_reading(work, case, ground, EXPORT, how=How.EXPORT)
        return made


class _Gathering:
    """Reading one household, and numbering every text on the way."""

    def __init__(self, session: Session, engine: Engine, table: RetentionTable, handing: Handing) -> None:
        self.session, self.engine, self.table, self.handing = session, engine, table, handing
        self.count = 0
        self.numbers: dict[str, str] = {}
        """The number of each text; the same text has one, so that it is left out wherever it stands."""
        self.titles = people.functions(session)
        self.held = functions_ever_held(session)
        self.attachments: list[Attachment] = []

    def whole(self, household_id: int, found: list[HouseholdCase]) -> WholeFile:
        """All of it, case by case."""
        home = case_queries.household(self.session, household_id)
        told = [self._case(case) for case in found]
        lived = all_residents_of(self.session, household_id)
        helping, related = (found(self.session, household_id) for found in (all_helpers_of, all_relations_of))
        content = {
            "made_on": clock.today().isoformat(),
            "checked_by": self.handing.checked_by or None,
            "household": {"number": home.id, "who_or_where": home.who_or_where, "buurt": home.buurt_code},
            "residents": [self._part(Resident.workflow, each) for each in lived],
            "requests": [self._part(DataRequest.workflow, each) for each in self._requests(household_id)],
            "helpers": [self._part(Helper.workflow, each) for each in helping],
            "relations": [self._part(Relation.workflow, each) for each in related],
            "cases": told,
            "left_out": sorted(self.handing.left_out),
        }
        return WholeFile(content, self.attachments)

    def _requests(self, household_id: int) -> list[DataRequest]:
        """What the resident asked before about these data; those that were destroyed say nothing any more."""
        gone = select(Erasure.subject_id).where(Erasure.subject_kind == DataRequest.workflow, Erasure.sequence == 0)
        known = set(self.session.scalars(gone))
        return [each for each in of_household(self.session, household_id) if each.id not in known]

    def _case(self, case: HouseholdCase) -> dict[str, Any]:
        mine: list[tuple[str, Any]] = [(CASE, case)]
        for kind, model in kinds_within_a_case().items():
            rows = select(model).where(model.case_id == case.id).order_by(model.opened_at, model.id)
            mine += [(kind, each) for each in self.session.scalars(rows)]
        reckoned = cases(self.session, self.engine, self.table, clock.today(), case.id)
        day = reckoned[0].reckoned.destroy_from if reckoned else None
        zaak = zaak_of(self.session, case.id)
        return {
            "number": case.id,
            "zaak": zaak.number if zaak is not None else None,
            "zaak_news": [
                {"what": each.resource, "title": each.title, "on": _on(each.noticed_at)}
                for each in zaak_news(self.session, case.id)
            ],
            "opened_on": _on(case.opened_at),
            "closed_on": _on(case.closed_at) if case.closed_at else None,
            "kept_until": day.isoformat() if day else None,
            "parts": [self._part(kind, subject) for kind, subject in mine],
            "decisions": [self._decision(each) for each in self._decisions(case.id)],
            "files": [file for kind, subject in mine for file in self._files(kind, subject.id)],
            "shared_with": [self._share(each) for each in self._shares(case.id)],
            "read_by": self._readings(case.id),
        }

    def _part(self, kind: str, subject: Any) -> dict[str, Any]:
        workflow = self.engine.workflow(kind, subject.workflow_version)
        steps = [self._step(event) for event in events_of(self.session, kind, subject.id)]
        texts = texts_of(type(subject))
        facts = {
            name: self._fact(value, name in texts) for name, value in subject.tracked().items() if value is not None
        }
        return {
            "kind": kind,
            "title": workflow.title.nl,
            "number": subject.id,
            "state": workflow.states[subject.state].title.nl,
            "facts": facts,
            "steps": steps,
        }

    def _fact(self, value: Any, written: bool) -> Any:
        """A value; under its number when a person wrote it, or when a step says the same."""
        told = plain(value)
        return self._text(told) if isinstance(told, str) and told and (written or told in self.numbers) else told

    def _step(self, event: Event) -> dict[str, Any]:
        fields = self.engine.workflow(event.subject_kind).fields
        said = {
            fields[name].title.nl if name in fields else name: self._text(value) if isinstance(value, str) else value
            for name, value in _recorded(event).items()
        }
        title = step_title(self.engine, event.subject_kind, event.name).nl
        return {"on": _on(event.at), "what": title, "by": self._who(event.actor_id), "said": said}

    def _text(self, text: str) -> dict[str, str]:
        """A text under its number, or that it was left out."""
        if text not in self.numbers:
            self.count += 1
            self.numbers[text] = f"T{self.count}"
        number = self.numbers[text]
        return {"number": number, "text": LEFT_OUT if number in self.handing.left_out else text}

    def _who(self, person_id: int | None) -> str:
        """By function: that of today or the last one held; the passing of time is the system itself."""
        if person_id is None:
            return "Het systeem"
        held = self.held.get(person_id, ())
        return self.titles.get(held[0], held[0]) if held else "Medewerker"

    def _decisions(self, case_id: str) -> list[Decision]:
        return list(self.session.scalars(select(Decision).where(Decision.case_id == case_id).order_by(Decision.id)))

    def _decision(self, decision: Decision) -> dict[str, Any]:
        return {
            "on": _on(decision.decided_at),
            "power": decision.power,
            "what": self._text(decision.what),
            "cents": decision.amount,
            "in_name_of": decision.body,
            "by": self._who(decision.decided_by),
        }

    def _files(self, kind: str, subject_id: str) -> list[dict[str, Any]]:
        rows = select(Document).where(Document.subject_kind == kind, Document.subject_id == subject_id)
        told = []
        for each in self.session.scalars(rows.order_by(Document.id)):
            self.count += 1
            number = f"T{self.count}"
            left_out = number in self.handing.left_out
            name = f"{number}-{each.name}"
            if not left_out:
                self.attachments.append(Attachment(name, each.content))
            told.append({"number": number, "name": LEFT_OUT if left_out else name, "kind": each.purpose})
        return told

    def _shares(self, case_id: str) -> list[GuestAccess]:
        rows = select(GuestAccess).where(GuestAccess.case_id == case_id)
        return list(self.session.scalars(rows.order_by(GuestAccess.first_day)))

    def _share(self, share: GuestAccess) -> dict[str, Any]:
        person = people.person(self.session, share.person_id)
        return {
            "organisation": (person.employer if person else None) or "Andere organisatie",
            "from": share.first_day.isoformat(),
            "until": share.last_day.isoformat(),
            "purpose": self._text(share.purpose),
            "ground": share.ground,
            "categories": share.categories,
        }

    def _readings(self, case_id: str) -> list[dict[str, str]]:
        """Who read it, by function and day; the same on one day once."""
        rows = select(Reading).where(Reading.case_id == case_id).order_by(Reading.at)
        lines = [(_on(each.at), self._who(each.person_id), each.what) for each in self.session.scalars(rows)]
        return [{"on": on, "by": who, "what": what} for on, who, what in dict.fromkeys(lines)]


def _recorded(event: Event) -> dict[str, Any]:
    """What was filled in; that it cannot be read now is said, for the resident must not think that nothing is there."""
    try:
        return recorded(event)
    except CannotOpenPayload:
        return {"Ingevuld": CANNOT_BE_READ}


def _on(moment: datetime) -> str:
    return clock.local(moment).date().isoformat()


def as_files(made: WholeFile, table: RetentionTable, municipality: str) -> dict[str, bytes]:
    """The whole file as files by name: the PDF, the JSON, and what goes along. Raises WrongTemplate."""
    home = made.content["household"]
    document = {
        **made.content,
        "municipality": municipality,
        "date": made.content["made_on"],
        "subject": "Uw gegevens bij ons",
        "addressee": home["who_or_where"],
        "reference": f"inzage {home['number']}",
        "laws": [title.nl for _, title in sorted(table.laws.items())],
    }
    return {
        "gegevens.pdf": make_pdf("whole_file.typ", document),
        "gegevens.json": json.dumps(made.content, ensure_ascii=False, indent=2, sort_keys=True).encode(),
        **{f"bestanden/{each.name}": each.content for each in made.attachments},
    }


def as_zip(files: Mapping[str, bytes]) -> bytes:
    """These files in one ZIP file."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(name, content)
    return packed.getvalue()
