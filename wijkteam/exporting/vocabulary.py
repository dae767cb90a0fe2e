"""What the workflow of an export of everything may name: roles, guards, effects."""

from wijkteam.engine.definition import Text
from wijkteam.engine.vocabulary import Effect, Guard, Reason, Recipients, Role, Situation, Vocabulary, fields
from wijkteam.exporting.model import FullExport
from wijkteam.people import queries as people
from wijkteam.people.staff import ADMINISTRATOR

OFFICER = "privacy_officer"
MAKE = "make"
"""A step that no page offers: the command takes it when the file is there."""


def vocabulary() -> Vocabulary:
    """All names for the workflow."""
    return Vocabulary(
        subject=FullExport.workflow,
        roles={
            "administrator": Role(
                lambda situation: ADMINISTRATOR in getattr(situation.actor, "functions", ()),
                lambda situation: people.function_title(situation.work.session, ADMINISTRATOR),
                Text(nl="functioneel beheerder", en="functional administrator"),
                fields(ADMINISTRATOR),
            ),
            "asker": Role(
                _is_asker,
                lambda situation: people.name(situation.work.session, situation.subject.asked_by),
                Text(nl="wie erom vroeg", en="who asked for it"),
                fields(ADMINISTRATOR),
            ),
            "officer": Role(
                _is_officer,
                lambda situation: people.function_title(situation.work.session, OFFICER),
                Text(nl="privacyfunctionaris", en="privacy officer"),
                fields(OFFICER),
            ),
        },
        guards={"asks_for_bsn": Guard(_asks_for_bsn), "bsn_has_consent": Guard(_bsn_has_consent)},
        effects={
            "keep_request": Effect(_keep_request, fields("with_bsn"), fields("why")),
            "keep_consent": Effect(_keep_consent),
            "keep_answer": Effect(_keep_answer, needs=fields("answer")),
            "keep_digest": Effect(_keep_digest, needs=fields("digest")),
        },
        recipients={
            "asker": Recipients(lambda situation: [situation.subject.asked_by], role="asker"),
            "officers": Recipients(
                lambda situation: people.holder_ids(situation.work.session, OFFICER), role="officer"
            ),
        },
        needed=fields("made", "refused"),
        ends=fields("made", "refused", "withdrawn"),
    )


def _is_asker(situation: Situation) -> bool:
    return bool(situation.actor.person_id is not None and situation.actor.person_id == situation.subject.asked_by)


def _is_officer(situation: Situation) -> bool:
    """Holds the function, and is not who asked: nobody consents to their own request."""
    return OFFICER in getattr(situation.actor, "functions", ()) and not _is_asker(situation)


def _asks_for_bsn(situation: Situation) -> Reason | None:
    if situation.subject.with_bsn:
        return None
    return Reason("Zonder BSN's is geen instemming nodig.", "Without BSNs no consent is needed.")


def _bsn_has_consent(situation: Situation) -> Reason | None:
    if not situation.subject.with_bsn or situation.subject.consented_by is not None:
        return None
    return Reason(
        "De privacyfunctionaris moet eerst instemmen: de BSN's gaan leesbaar mee.",
        "The privacy officer has to consent first: BSNs go along, readable.",
    )


def _keep_request(situation: Situation) -> None:
    asked: FullExport = situation.subject
    asked.asked_by = situation.actor.person_id
    asked.why = situation.fields["why"]
    asked.with_bsn = bool(situation.fields.get("with_bsn"))


def _keep_consent(situation: Situation) -> None:
    situation.subject.consented_by = situation.actor.person_id


def _keep_answer(situation: Situation) -> None:
    situation.subject.answer = situation.fields["answer"]


def _keep_digest(situation: Situation) -> None:
    situation.subject.digest = situation.fields["digest"]
    situation.subject.made_at = situation.at
