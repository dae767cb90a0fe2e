"""What the workflow of a complaint about conduct may name (Awb chapter 9): roles, guards and effects."""

from wijkteam.engine.definition import Text
from wijkteam.engine.vocabulary import Effect, Guard, Reason, Recipients, Role, Situation, Vocabulary, fields
from wijkteam.people import queries as people
from wijkteam.people.words import with_names
from wijkteam.signals.acting import RESIDENT, resident_role
from wijkteam.signals.model import ConductComplaint
from wijkteam.signals.queries import COMPLAINTS_ENDED, OFFICER
from wijkteam.signals.table import SignalTable
from wijkteam.signals.vocabulary import is_person, keep
from wijkteam.terms import clock
from wijkteam.terms.term import Clock, Term

NOT_HANDLED_WITHIN = Term("P4W", Clock.STATUTORY)
"""Awb 9:8(3): who does not handle a complaint says so within four weeks after it came in."""
INVOLVED = Reason(
    "Kies iemand die er niet bij betrokken was, en niet uit hetzelfde team (Awb 9:7).",
    "Choose somebody who was not involved, and not of the same team (Awb 9:7).",
)


class ComplaintRules:
    """The rules of a complaint about conduct: who was involved does not handle it, and the resident is heard."""

    def __init__(self, table: SignalTable) -> None:
        self.table = table

    def vocabulary(self) -> Vocabulary:
        """All names for the workflow."""
        return Vocabulary(
            subject="conduct_complaint",
            roles={
                RESIDENT: resident_role(),
                "professional": Role(
                    lambda situation: bool(situation.actor.functions),
                    lambda situation: Reason("een medewerker", "anyone who works here"),
                    Text(nl="medewerker", en="professional"),
                ),
                "officer": Role(
                    _is_officer, _officer_names, Text(nl="klachtencoördinator", en="complaint officer"), fields(OFFICER)
                ),
                "handler": Role(
                    lambda situation: is_person(situation, situation.subject.handler_id),
                    lambda situation: people.name(situation.work.session, situation.subject.handler_id),
                    Text(nl="behandelaar van de klacht", en="complaint handler"),
                    frozenset(self.table.complaint_handlers),
                ),
            },
            guards={
                "handler_not_involved": Guard(self.handler_not_involved, fields("handler", "about")),
                "receipt_confirmed": Guard(_receipt_confirmed),
                "receipt_not_confirmed": Guard(_receipt_not_confirmed),
                "within_four_weeks": Guard(_within_four_weeks),
                "days_have_come": Guard(_days_have_come, fields("confirmed_on", "copy_sent_on", "heard_on")),
                "was_heard": Guard(_was_heard),
            },
            effects={
                "keep_complaint": keep("words", if_given=("about_whom", "resident", "contact")),
                "confirm_on_the_page": Effect(_confirm_on_the_page),
                "keep_confirmation": keep("confirmed_on"),
                "give_to_handler": Effect(_give_to_handler, fields("about"), fields("handler")),
                "keep_copy": keep("copy_sent_on"),
                "offer_hearing": Effect(_offer_hearing, needs=fields("hearing_on", "hearing_how")),
                "resident_waives": Effect(_resident_waives),
                "keep_waiver": keep("hearing_waived"),
                "keep_hearing": Effect(_keep_hearing, needs=fields("heard_on", "hearing_report")),
                "keep_findings": keep("findings", "conclusion", "measures"),
                "keep_not_handled": keep("not_handled_ground", "not_handled_why"),
                "keep_judgement": keep("judgement", if_given=("judged_why",)),
                "keep_dutch": keep("words_in_dutch"),
            },
            recipients={
                "officers": Recipients(_officers, role="officer"),
                "handler": Recipients(
                    lambda situation: [situation.subject.handler_id] if situation.subject.handler_id else [],
                    role="handler",
                ),
                "receiver": Recipients(
                    lambda situation: [situation.subject.received_by] if situation.subject.received_by else []
                ),
            },
            needed=fields("received", "found", *COMPLAINTS_ENDED),
            ends=fields(*COMPLAINTS_ENDED),
        )

    def handler_not_involved(self, situation: Situation) -> Reason | None:
        """Nobody handles a complaint about themselves or about somebody of their own team (Awb 9:7(1))."""
        if "handler" not in situation.fields:
            return None
        complaint: ConductComplaint = situation.subject
        session = situation.work.session
        about = situation.fields.get("about") or complaint.about_id
        chosen = people.acting_person(session, situation.fields["handler"])
        if chosen is None or not chosen.functions & frozenset(self.table.complaint_handlers):
            titles = [people.function_title(session, code).lower() for code in self.table.complaint_handlers]
            names = ", ".join(titles)
            return Reason(
                f"Kies iemand met een van deze functies: {names}.", f"Choose somebody who is one of: {names}."
            )
        involved = people.acting_person(session, about) if about is not None else None
        teams = {complaint.team_id} | (involved.team_ids if involved is not None else frozenset())
        if chosen.person_id == about or teams & chosen.team_ids:
            return INVOLVED
        return None


def _is_officer(situation: Situation) -> bool:
    """Complaint officers, but not one whom it is about."""
    person, about = situation.actor.person_id, situation.subject.about_id
    return OFFICER in situation.actor.functions and (about is None or person != about)


def _officers(situation: Situation) -> list[int]:
    about = situation.subject.about_id
    return [each for each in people.holder_ids(situation.work.session, OFFICER) if each != about]


def _officer_names(situation: Situation) -> str | Reason:
    found = list(people.names(situation.work.session, _officers(situation)).values())
    return with_names(Reason("klachtencoördinator", "complaint officer"), found, None)


def _receipt_confirmed(situation: Situation) -> Reason | None:
    if situation.subject.confirmed_on is not None:
        return None
    return Reason("Bevestig eerst de ontvangst (Awb 9:6).", "First confirm receipt (Awb 9:6).")


def _receipt_not_confirmed(situation: Situation) -> Reason | None:
    confirmed = situation.subject.confirmed_on
    if confirmed is None:
        return None
    return Reason(
        f"De ontvangst is al bevestigd op {confirmed:%d-%m-%Y}.",
        f"Receipt was confirmed already, on {confirmed.isoformat()}.",
    )


def _within_four_weeks(situation: Situation) -> Reason | None:
    opened = situation.subject.opened_at
    if situation.at <= NOT_HANDLED_WITHIN.end(opened):
        return None
    return Reason(
        "Dit kon tot vier weken na ontvangst (Awb 9:8 lid 3). Behandel de klacht.",
        "This could be done until four weeks after receipt (Awb 9:8(3)). Handle the complaint.",
    )


def _days_have_come(situation: Situation) -> Reason | None:
    days = [situation.fields[name] for name in ("confirmed_on", "copy_sent_on", "heard_on") if name in situation.fields]
    if all(day <= clock.today() for day in days):
        return None
    return Reason("Deze dag kan niet in de toekomst liggen.", "This day cannot lie in the future.")


def _was_heard(situation: Situation) -> Reason | None:
    complaint: ConductComplaint = situation.subject
    if complaint.hearing_report is not None or complaint.hearing_waived is not None:
        return None
    return Reason(
        "Nodig de bewoner eerst uit voor een gesprek, of noteer waarom dat niet hoeft (Awb 9:10).",
        "First invite the resident to be heard, or write down why that need not be (Awb 9:10).",
    )


def _confirm_on_the_page(situation: Situation) -> None:
    """Who gives a complaint on the page reads there at once, in writing, that it came in."""
    if situation.actor.person_id is None:
        situation.subject.confirmed_on = clock.today()


def _give_to_handler(situation: Situation) -> None:
    complaint: ConductComplaint = situation.subject
    complaint.handler_id = situation.fields["handler"]
    complaint.about_id = situation.fields.get("about") or complaint.about_id


def _offer_hearing(situation: Situation) -> None:
    complaint: ConductComplaint = situation.subject
    complaint.hearing_on = situation.fields["hearing_on"]
    complaint.hearing_how = situation.fields["hearing_how"]
    complaint.hearing_waived = None


def _resident_waives(situation: Situation) -> None:
    situation.subject.hearing_waived = "not_wanted"


def _keep_hearing(situation: Situation) -> None:
    complaint: ConductComplaint = situation.subject
    complaint.hearing_on = situation.fields["heard_on"]
    complaint.hearing_report = situation.fields["hearing_report"]
    complaint.hearing_waived = None
