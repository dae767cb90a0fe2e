"""What the letter workflow may name: roles, guards, effects and the term for contesting."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from wijkteam.engine.definition import Text
from wijkteam.engine.vocabulary import Effect, Guard, Reason, Recipients, Role, Situation, Vocabulary, fields
from wijkteam.events.chain import canonical
from wijkteam.letters import queries, service
from wijkteam.letters.model import Letter
from wijkteam.people import queries as people
from wijkteam.people.words import team_mate_words
from wijkteam.storage.subject import new_id
from wijkteam.terms import clock
from wijkteam.terms.contesting import last_day_to_contest, term_until
from wijkteam.terms.term import Term

CaseOf = Callable[[Situation], Any]
"""The case that a letter is about. It is no parent: a decision can be made known after the case has closed."""


class LetterRules:
    """The rules of a letter about a decision in a case."""

    def __init__(self, case_of: CaseOf) -> None:
        self.case_of = case_of

    def vocabulary(self) -> Vocabulary:
        """All names for the workflow."""
        return Vocabulary(
            subject="letter",
            roles={
                "writer": Role(_is_writer, _writer_name, Text(nl="wie besloot", en="who decided")),
                "owner": Role(self.is_owner, self.owner_name, Text(nl="eigenaar van de casus", en="owner")),
                "team_member": Role(_is_team_member, _team_name, Text(nl="teamgenoot", en="team member")),
            },
            guards={
                "letter_is_there": Guard(_letter_is_there),
                "sent_on_is_possible": Guard(_sent_on_is_possible, fields("sent_on")),
                "need_not_be_sent": Guard(_need_not_be_sent),
            },
            effects={
                "keep_sent": Effect(_keep_sent, needs=fields("sent_on", "sent_how")),
                "clear_sent": Effect(_clear_sent),
                "make_pdf": Effect(_make_pdf),
                "write_new_letter": Effect(_write_new_letter, fields("addressee", "reasons")),
            },
            terms={"contesting": _contesting},
            recipients={
                "owner": Recipients(lambda situation: [self.case_of(situation).owner_id], role="owner"),
            },
            needed=fields(queries.TO_SEND, queries.KEPT, queries.SENT, queries.REPLACED, queries.OVER),
            ends=fields(queries.REPLACED, queries.OVER),
        )

    def is_owner(self, situation: Situation) -> bool:
        """Owns the case now."""
        return bool(situation.actor.person_id == self.case_of(situation).owner_id)

    def owner_name(self, situation: Situation) -> str:
        """Name of who owns the case."""
        return people.name(situation.work.session, self.case_of(situation).owner_id)


def _is_writer(situation: Situation) -> bool:
    return bool(situation.actor.person_id == situation.subject.written_by)


def _writer_name(situation: Situation) -> str:
    return people.name(situation.work.session, situation.subject.written_by)


def _is_team_member(situation: Situation) -> bool:
    return situation.subject.team_id in situation.actor.team_ids


def _team_name(situation: Situation) -> Reason:
    return team_mate_words(situation.work.session, situation.subject.team_id)


def _letter_is_there(situation: Situation) -> Reason | None:
    if queries.has_pdf(situation.work.session, situation.subject.id):
        return None
    return Reason("De brief is nog niet klaar.", "The letter is not ready yet.")


def _sent_on_is_possible(situation: Situation) -> Reason | None:
    day = situation.fields.get("sent_on")
    if day is None or clock.local(situation.subject.opened_at).date() <= day <= clock.today():
        return None
    return Reason(
        "Kies een dag vanaf het besluit tot en met vandaag.", "Choose a day from the decision up to and with today."
    )


def _need_not_be_sent(situation: Situation) -> Reason | None:
    if not situation.subject.can_be_contested:
        return None
    return Reason("Een besluit moet bekend worden gemaakt (Awb 3:41).", "A decision has to be made known (Awb 3:41).")


def _keep_sent(situation: Situation) -> None:
    letter: Letter = situation.subject
    letter.sent_on = situation.fields["sent_on"]
    letter.sent_how = situation.fields["sent_how"]


def _clear_sent(situation: Situation) -> None:
    situation.subject.sent_on = situation.subject.sent_how = None


def _make_pdf(situation: Situation) -> None:
    service.try_to_make(situation.work, situation.subject)


def _contesting(letter: Letter, at: datetime) -> Term:
    """Until the last day for contesting; one day for what cannot be contested, and so is done."""
    if not letter.can_be_contested or letter.sent_on is None:
        return Term("P1D")
    return term_until(last_day_to_contest(letter.sent_on), at)


def _write_new_letter(situation: Situation) -> None:
    """The same letter with what differs, dated today; the old one and its PDF stay as they were."""
    old: Letter = situation.subject
    said = json.loads(old.content)
    number = new_id()
    day = clock.today()
    differs = {name: value for name, value in situation.fields.items() if name in ("addressee", "reasons")}
    replaces = {"date": said["date"], "reference": old.id}
    dates = {"counted_from": day.isoformat(), "last_day": last_day_to_contest(day).isoformat()}
    new = {**said, **differs, "date": day.isoformat(), "reference": number, "replaces": replaces}
    new["objection"] = {**said["objection"], **dates}
    letter = Letter(
        id=number,
        case_id=old.case_id,
        team_id=old.team_id,
        decision_id=old.decision_id,
        written_by=situation.actor.person_id,
        template=old.template,
        content=canonical(new),
        can_be_contested=old.can_be_contested,
        replaces_id=old.id,
    )
    service.begin_letter(situation.work.acting_as(situation.actor), letter)
