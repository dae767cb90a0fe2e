"""What the signal workflow may name: roles, guards and effects."""

from wijkteam.engine.definition import Text
from wijkteam.engine.vocabulary import Effect, Guard, Reason, Recipients, Role, Situation, Vocabulary, fields
from wijkteam.people import queries as people
from wijkteam.signals.model import ResidentSignal
from wijkteam.signals.queries import ENDED
from wijkteam.terms import clock


def vocabulary() -> Vocabulary:
    """All names for the signal workflow."""
    return Vocabulary(
        subject="resident_signal",
        roles={
            "professional": Role(
                lambda situation: bool(situation.actor.functions),
                lambda situation: "een medewerker",
                Text(nl="medewerker", en="professional"),
            ),
            "team_lead": Role(
                _is_team_lead, _team_lead_names, Text(nl="teamleider", en="team lead"), fields("team_lead")
            ),
            "team_member": Role(_is_team_member, _team_name, Text(nl="teamgenoot", en="team member")),
            "handler": Role(_is_handler, _handler_name, Text(nl="wie het oppakt", en="handler")),
        },
        guards={
            "handler_is_in_team": Guard(_handler_is_in_team, fields("handler")),
            "told_not_in_future": Guard(_told_not_in_future, fields("told_on")),
        },
        effects={
            "keep_words": _keep("kind", "words", if_given=("resident", "contact")),
            "become_handler": Effect(_become_handler),
            "choose_handler": Effect(_choose_handler, needs=fields("handler")),
            "keep_what_was_done": _keep("what_was_done"),
            "keep_telling": _keep("answer", "told_how", "told_on"),
            "keep_why_not_told": _keep("why_not_told"),
        },
        recipients={
            "team_leads": Recipients(_team_leads, role="team_lead"),
            "handler": Recipients(
                lambda situation: [situation.subject.handler_id] if situation.subject.handler_id else [],
                role="handler",
            ),
            "receiver": Recipients(lambda situation: [situation.subject.received_by]),
        },
        needed=fields("received", *ENDED),
        ends=fields(*ENDED),
    )


def _is_team_lead(situation: Situation) -> bool:
    return bool(situation.actor.holds("team_lead", situation.subject.team_id))


def _team_leads(situation: Situation) -> list[int]:
    return people.holder_ids(situation.work.session, "team_lead", situation.subject.team_id)


def _team_lead_names(situation: Situation) -> str:
    found = people.holders(situation.work.session, "team_lead", situation.subject.team_id)
    return f"teamleider ({', '.join(person.name for person in found)})" if found else ""


def _is_team_member(situation: Situation) -> bool:
    return situation.subject.team_id in situation.actor.team_ids


def _team_name(situation: Situation) -> str:
    return f"teamgenoten in {people.team_name(situation.work.session, situation.subject.team_id)}"


def _is_handler(situation: Situation) -> bool:
    return bool(situation.actor.person_id == situation.subject.handler_id)


def _handler_name(situation: Situation) -> str:
    return people.name(situation.work.session, situation.subject.handler_id)


def _handler_is_in_team(situation: Situation) -> Reason | None:
    if "handler" not in situation.fields:
        return None
    chosen = people.acting_person(situation.work.session, situation.fields["handler"])
    if chosen is not None and situation.subject.team_id in chosen.team_ids:
        return None
    return Reason("Kies iemand uit het team.", "Choose someone of the team.")


def _told_not_in_future(situation: Situation) -> Reason | None:
    if situation.fields.get("told_on", clock.today()) <= clock.today():
        return None
    return Reason("Terugvertellen kan niet in de toekomst liggen.", "Telling back cannot lie in the future.")


def _keep(*names: str, if_given: tuple[str, ...] = ()) -> Effect:
    def keep(situation: Situation) -> None:
        for name in (*names, *if_given):
            setattr(situation.subject, name, situation.fields.get(name))

    return Effect(keep, frozenset(if_given), frozenset(names))


def _become_handler(situation: Situation) -> None:
    situation.subject.handler_id = situation.actor.person_id


def _choose_handler(situation: Situation) -> None:
    signal: ResidentSignal = situation.subject
    signal.handler_id = situation.fields["handler"]
