"""What the workflow of shared cases may name: who shares with whom, on which legal ground, until when."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from wijkteam.access.model import GuestAccess
from wijkteam.access.rules import SHARING_GROUNDS, SharingTable
from wijkteam.engine.definition import Text
from wijkteam.engine.vocabulary import Effect, Guard, Reason, Recipients, Role, Situation, Vocabulary, fields
from wijkteam.people import queries as people
from wijkteam.terms import clock
from wijkteam.terms.term import Until

GUEST = "guest"
CaseOf = Callable[[Situation], Any]
"""The case that is shared."""


class SharingRules:
    """The rules of sharing a case, by the table of legal grounds of the municipality."""

    def __init__(self, table: SharingTable, case_of: CaseOf) -> None:
        self.table = table
        self.case_of = case_of

    def vocabulary(self) -> Vocabulary:
        """All names for the workflow."""
        return Vocabulary(
            subject="guest_access",
            roles={
                "owner": Role(
                    lambda situation: bool(situation.actor.person_id == self.case_of(situation).owner_id),
                    lambda situation: people.name(situation.work.session, self.case_of(situation).owner_id),
                    Text(nl="eigenaar van de casus", en="owner"),
                    fields("best_person"),
                ),
                "team_lead": Role(
                    lambda situation: bool(situation.actor.holds("team_lead", self.case_of(situation).team_id)),
                    lambda situation: Reason("de teamleider", "the team lead"),
                    Text(nl="teamleider", en="team lead"),
                    fields("team_lead"),
                ),
            },
            guards={
                "not_protected": Guard(self.not_protected),
                "is_a_guest": Guard(_is_a_guest, fields("guest")),
                "ground_in_force": Guard(self.ground_in_force, fields("ground", "first_day", "last_day")),
                "resident_told_or_why_not": Guard(_resident_told_or_why_not, fields("informed_on", "not_informed_why")),
                "days_in_order": Guard(self.days_in_order, fields("first_day", "last_day")),
            },
            effects={
                "share": Effect(
                    _share,
                    fields("informed_on", "not_informed_why"),
                    fields("guest", "purpose", "ground", "categories", "necessity", "first_day", "last_day"),
                ),
                "end_sharing": Effect(_end_sharing),
            },
            terms={"last_day": _after_last_day},
            recipients={
                "guest": Recipients(lambda situation: [situation.subject.person_id]),
                "owner": Recipients(lambda situation: [self.case_of(situation).owner_id], role="owner"),
            },
            lists={SHARING_GROUNDS: self.table.as_list()},
            needed=fields("in_force", "ended"),
            ends=fields("ended"),
            parent=self.case_of,
        )

    def not_protected(self, situation: Situation) -> Reason | None:
        """An extra-protected case is read by who is named, and by nobody else."""
        if self.case_of(situation).protected_why is None:
            return None
        return Reason("Een afgeschermde casus deelt u niet.", "An extra-protected case is not shared.")

    def ground_in_force(self, situation: Situation) -> Reason | None:
        """The law is in force on every day of the period, as far as is known today."""
        if "ground" not in situation.fields:
            return None
        ground = self.table.ground(situation.fields["ground"])
        days = [situation.fields.get(name, clock.today()) for name in ("first_day", "last_day")]
        if ground is not None and all(ground.holds_on(day) for day in (clock.today(), *days)):
            return None
        return Reason(
            "Deze wet geldt niet in die hele periode. Kies een andere grondslag.",
            "This law is not in force in all of that period. Choose another ground.",
        )

    def days_in_order(self, situation: Situation) -> Reason | None:
        """From a first day to a last one that is not too far away."""
        first, last = (situation.fields.get(name) for name in ("first_day", "last_day"))
        if first is None or last is None:
            return None
        if last < first:
            return Reason("De laatste dag ligt voor de eerste.", "The last day lies before the first.")
        most = timedelta(days=self.table.longest_days)
        if last - first < most and first - clock.today() <= most:
            return None
        return Reason(
            f"Deel hooguit {most.days} dagen. Daarna kunt u opnieuw delen.",
            f"Share {most.days} days at most. After that you can share again.",
        )


def _is_a_guest(situation: Situation) -> Reason | None:
    if "guest" not in situation.fields:
        return None
    person = people.acting_person(situation.work.session, situation.fields["guest"])
    if person is not None and GUEST in person.functions:
        return None
    return Reason("Deze persoon is geen gast van een andere organisatie.", "This person is no guest.")


def _resident_told_or_why_not(situation: Situation) -> Reason | None:
    told, why_not = situation.fields.get("informed_on"), situation.fields.get("not_informed_why")
    if told is not None and told > clock.today():
        return Reason("Die dag is nog niet geweest. Vertel het eerst.", "That day is still to come. Tell it first.")
    if (told is None) != (why_not is None):
        return None
    return Reason(
        "Vul in op welke dag u het de bewoner vertelde, of waarom niet. Een van de twee.",
        "Fill in on which day you told the resident, or why not. One of the two.",
    )


def _share(situation: Situation) -> None:
    shared: GuestAccess = situation.subject
    given = situation.fields
    shared.person_id, shared.shared_by = given["guest"], situation.actor.person_id
    for name in ("purpose", "ground", "categories", "necessity", "first_day", "last_day"):
        setattr(shared, name, given[name])
    shared.informed_on, shared.not_informed_why = given.get("informed_on"), given.get("not_informed_why")


def _end_sharing(situation: Situation) -> None:
    situation.subject.ended_at = situation.at


def after(day: date) -> datetime:
    """The first moment on Dutch clocks at which a day is over, in UTC."""
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=clock.NETHERLANDS).astimezone(UTC)


def _after_last_day(shared: GuestAccess, _at: datetime) -> Until:
    return Until(after(shared.last_day))
