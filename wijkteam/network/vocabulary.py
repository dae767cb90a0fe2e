"""What the workflows of helpers and relations may name: roles, guards and effects."""

from sqlalchemy import select

from wijkteam.cases.case_worker import case_worker
from wijkteam.engine.definition import Text
from wijkteam.engine.vocabulary import Effect, Guard, Reason, Role, Situation, Vocabulary, fields
from wijkteam.network.model import Helper, Relation
from wijkteam.network.queries import REMOVED
from wijkteam.residents.bsn import looks_like_bsn
from wijkteam.residents.model import Resident
from wijkteam.residents.vocabulary import HouseholdTies
from wijkteam.storage.among import among
from wijkteam.terms import clock

WORDS = fields("name", "organisation", "does_what", "reach", "why")
KEPT = ("kind", "name", "organisation", "does_what", "life_domain", "reach", "since")
TEXTS = ("name", "organisation", "does_what", "reach")


class NetworkRules:
    """The rules of helpers and relations of a household."""

    def __init__(self, ties: HouseholdTies) -> None:
        self.ties = ties

    def helpers(self, lists: dict[str, dict[str, Text]]) -> Vocabulary:
        """All names for the workflow of helpers."""
        return Vocabulary(
            subject="helper",
            roles=self._roles(),
            guards={
                "case_is_open": Guard(self._case_is_open),
                "no_bsn_in_words": Guard(_no_bsn_in_words, WORDS),
                "until_is_possible": Guard(_until_is_possible, fields("until")),
            },
            effects={
                "keep_helper": Effect(
                    _keep_helper,
                    fields("organisation", "life_domain", "reach", "may_be_called", "since"),
                    fields("name", "kind", "does_what"),
                ),
                "stop_helping": Effect(_stop_helping, needs=fields("until")),
                "help_again": Effect(_help_again, needs=fields("since")),
                "forget_helper": Effect(_forget_helper),
            },
            lists=lists,
        )

    def relations(self) -> Vocabulary:
        """All names for the workflow of relations."""
        return Vocabulary(
            subject="relation",
            roles=self._roles(),
            guards={
                "case_is_open": Guard(self._case_is_open),
                "both_belong_here": Guard(_both_belong_here),
                "no_bsn_in_words": Guard(_no_bsn_in_words, WORDS),
                "days_in_order": Guard(_days_in_order, fields("since", "ended_on")),
            },
            effects={
                "keep_relation": Effect(_keep_relation, fields("since"), fields("relation_kind")),
                "end_relation": Effect(_end_relation, fields("how_ended"), fields("ended_on")),
            },
        )

    def _roles(self) -> dict[str, Role]:
        return {"case_worker": case_worker(self.ties.works_for)}

    def _case_is_open(self, situation: Situation) -> Reason | None:
        if self.ties.has_open_case(situation):
            return None
        return Reason("De casus is al afgesloten.", "The case has already ended.")


def _no_bsn_in_words(situation: Situation) -> Reason | None:
    if any(looks_like_bsn(situation.fields.get(name)) for name in WORDS):
        return Reason("Zet hier geen BSN.", "No BSN in these words.")
    return None


def _until_is_possible(situation: Situation) -> Reason | None:
    until, since = situation.fields.get("until"), situation.subject.since
    if until is None:
        return None
    if until > clock.today():
        return Reason("Kies een dag tot en met vandaag.", "Choose today or an earlier day.")
    if since is not None and until < since:
        return Reason("Deze dag ligt vóór het begin.", "This day lies before the beginning.")
    return None


def _keep_helper(situation: Situation) -> None:
    helper: Helper = situation.subject
    for name in KEPT:
        setattr(helper, name, situation.fields.get(name))
    helper.may_be_called = bool(situation.fields.get("may_be_called"))
    if helper.added_by is None:
        helper.added_by = situation.actor.person_id


def _stop_helping(situation: Situation) -> None:
    situation.subject.until = situation.fields["until"]


def _help_again(situation: Situation) -> None:
    situation.subject.since = situation.fields["since"]
    situation.subject.until = None


def _forget_helper(situation: Situation) -> None:
    for name in TEXTS:
        setattr(situation.subject, name, None)


def _both_belong_here(situation: Situation) -> Reason | None:
    """Both are of this household and still there, and they are two."""
    relation: Relation = situation.subject
    session = situation.work.session
    ids = {relation.resident_id, relation.to_resident_id} - {None}
    mine = select(Resident.id).where(
        among(Resident.id, ids), Resident.household_id == relation.household_id, Resident.state != REMOVED
    )
    known = set(session.scalars(mine))
    helper = session.get(Helper, relation.to_helper_id) if relation.to_helper_id else None
    outside = helper is not None and helper.household_id == relation.household_id and helper.state != REMOVED
    if known != ids or not (len(ids) == 2 or (relation.to_resident_id is None and outside)):
        return Reason("Kies twee mensen van dit huishouden.", "Choose two people of this household.")
    return None


def _days_in_order(situation: Situation) -> Reason | None:
    since = situation.fields.get("since") or situation.subject.since
    ended = situation.fields.get("ended_on")
    if any(each is not None and each > clock.today() for each in (situation.fields.get("since"), ended)):
        return Reason("Kies een dag tot en met vandaag.", "Choose today or an earlier day.")
    if since is not None and ended is not None and ended < since:
        return Reason("Deze dag ligt vóór het begin.", "This day lies before the beginning.")
    return None


def _keep_relation(situation: Situation) -> None:
    relation: Relation = situation.subject
    relation.kind = situation.fields["relation_kind"]
    relation.since = situation.fields.get("since")
    if relation.added_by is None:
        relation.added_by = situation.actor.person_id


def _end_relation(situation: Situation) -> None:
    situation.subject.ended_on = situation.fields["ended_on"]
    situation.subject.how_ended = situation.fields.get("how_ended")
