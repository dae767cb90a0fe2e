"""What the workflow of a change of the register may name: roles, guards, effects."""

from wijkteam.engine.definition import Text
from wijkteam.engine.vocabulary import (
    Effect,
    Guard,
    Reason,
    Recipients,
    Role,
    Situation,
    Vocabulary,
    fields,
    in_words,
    one_of_them,
)
from wijkteam.mandate import keeping
from wijkteam.mandate.change_checks import check
from wijkteam.mandate.changes import from_text
from wijkteam.mandate.keeping import Names
from wijkteam.mandate.register_queries import kept_register
from wijkteam.people import queries as people
from wijkteam.people.acting import ActingPerson
from wijkteam.people.words import function_words, with_names

ADMINISTRATOR, BESTUURDER = "functional_administrator", "bestuurder"
DECIDERS = fields(ADMINISTRATOR, BESTUURDER)


class ChangeRules:
    """The rules of a change of the register: one proposes, another approves."""

    def __init__(self, names: Names) -> None:
        self.names = names

    def vocabulary(self) -> Vocabulary:
        """All names for the workflow."""
        return Vocabulary(
            subject="register_change",
            roles={
                "administrator": Role(
                    lambda situation: ADMINISTRATOR in situation.actor.functions,
                    lambda situation: _holders(situation, ADMINISTRATOR),
                    Text(nl="functioneel beheerder", en="functional administrator"),
                    fields(ADMINISTRATOR),
                ),
                "proposer": Role(
                    _is_proposer, _proposer_name, Text(nl="wie het voorstelde", en="who proposed it"), None
                ),
                "second_person": Role(
                    _is_second_person,
                    _second_persons,
                    Text(nl="een ander dan wie het voorstelde", en="another than who proposed it"),
                    DECIDERS,
                ),
            },
            guards={"fits_the_register": Guard(self.fits_the_register)},
            effects={
                "keep_why": Effect(_keep_why, needs=fields("why")),
                "put_in_force": Effect(self.put_in_force),
                "keep_decision": Effect(_keep_decision, reads=fields("answer")),
            },
            recipients={
                "proposer": Recipients(lambda situation: [situation.subject.proposer_id], role="proposer"),
                "second_persons": Recipients(_second_person_ids, role="second_person"),
            },
            needed=fields("proposed", "in_force", "refused", "withdrawn", "approve", "refuse"),
            ends=fields("in_force", "refused", "withdrawn"),
        )

    def fits_the_register(self, situation: Situation) -> Reason | None:
        """Blocks with a line for every mistake, when the change cannot take effect on the register as it is now."""
        session = situation.work.session
        changes = from_text(situation.subject.proposed)
        found = check(changes, kept_register(session), self.names.known(session))
        return keeping.as_reason(found) if found else None

    def put_in_force(self, situation: Situation) -> None:
        """Carry the change out, in the transaction of the step that approves it."""
        session = situation.work.session
        keeping.carry_out(session, situation.subject, self.names.known(session))
        situation.work.remembered.clear()


def may_decide(person: ActingPerson, proposer_id: int) -> bool:
    """Whether somebody may approve or refuse what this person proposed: never one's own (four eyes)."""
    return person.person_id != proposer_id and bool(DECIDERS & person.functions)


def _is_proposer(situation: Situation) -> bool:
    return bool(situation.actor.person_id == situation.subject.proposer_id)


def _proposer_name(situation: Situation) -> str:
    return people.name(situation.work.session, situation.subject.proposer_id)


def _is_second_person(situation: Situation) -> bool:
    return may_decide(situation.actor, situation.subject.proposer_id)


def _holders(situation: Situation, function: str, but_not: int | None = None) -> str | Reason:
    session = situation.work.session
    names = [each.name for each in people.holders(session, function) if each.id != but_not]
    return with_names(function_words(session, function), names)


def _second_persons(situation: Situation) -> Reason:
    proposer = situation.subject.proposer_id
    return one_of_them(in_words(_holders(situation, each, proposer)) for each in (ADMINISTRATOR, BESTUURDER))


def _second_person_ids(situation: Situation) -> list[int]:
    """The other administrators; bestuurders when there are none, for one of them has to look then."""
    session, proposer = situation.work.session, situation.subject.proposer_id
    others = [each for each in people.holder_ids(session, ADMINISTRATOR) if each != proposer]
    return others or [each for each in people.holder_ids(session, BESTUURDER) if each != proposer]


def _keep_why(situation: Situation) -> None:
    situation.subject.why = situation.fields["why"]


def _keep_decision(situation: Situation) -> None:
    change = situation.subject
    change.decided_by = situation.actor.person_id
    change.decided_at = situation.at
    change.answer = situation.fields.get("answer")
