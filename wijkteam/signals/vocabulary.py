"""What the signal workflow may name: roles, guards, effects, and the terms of rungs."""

from datetime import datetime

from wijkteam.engine.definition import Text
from wijkteam.engine.ladder import Ladder
from wijkteam.engine.rungs import RungMove, RungRule, rung_after, rung_allows
from wijkteam.engine.vocabulary import Effect, Guard, Reason, Recipients, Role, Situation, Vocabulary, fields
from wijkteam.escalation.standing import Standing
from wijkteam.people import queries as people
from wijkteam.people.words import function_words, team_lead_words, team_mate_words, with_names
from wijkteam.signals.acting import RESIDENT, resident_role
from wijkteam.signals.model import ResidentSignal
from wijkteam.signals.queries import ENDED
from wijkteam.signals.table import SignalTable
from wijkteam.terms import clock
from wijkteam.terms.term import Term

RUNG_MOVERS = fields("next_rung", "ask_higher")


class SignalRules:
    """The rules of a signal; "this does not help me" lays it on the rungs of a ladder."""

    def __init__(self, ladder: Ladder, table: SignalTable) -> None:
        self.ladder = ladder
        self.table = table

    def vocabulary(self) -> Vocabulary:
        """All names for the signal workflow."""
        return Vocabulary(
            subject="resident_signal",
            roles=self._roles(),
            guards=self._guards(),
            effects=self._effects(),
            terms={"rung": self.rung_term},
            recipients={
                "team_leads": Recipients(_team_leads, role="team_lead"),
                "handler": Recipients(lambda situation: _some(situation.subject.handler_id), role="handler"),
                "receiver": Recipients(lambda situation: _some(situation.subject.received_by)),
                "rung_holders": Recipients(
                    lambda situation: self.standing(situation).answerers(situation.subject.rung), role="rung_holder"
                ),
            },
            needed=fields("received", "told", "cannot_be_told"),
            ends=fields(*ENDED),
            ladder=self.ladder,
        )

    def _roles(self) -> dict[str, Role]:
        return {
            RESIDENT: resident_role(),
            "professional": Role(
                lambda situation: bool(situation.actor.functions),
                lambda situation: Reason("een medewerker", "anyone who works here"),
                Text(nl="medewerker", en="professional"),
            ),
            "receiver": Role(
                lambda situation: is_person(situation, situation.subject.received_by),
                lambda situation: people.name(situation.work.session, situation.subject.received_by),
                Text(nl="wie het vastlegde", en="who wrote it down"),
            ),
            "team_lead": Role(
                _is_team_lead, _team_lead_names, Text(nl="teamleider", en="team lead"), fields("team_lead")
            ),
            "team_member": Role(_is_team_member, _team_name, Text(nl="teamgenoot", en="team member")),
            "handler": Role(
                lambda situation: is_person(situation, situation.subject.handler_id),
                lambda situation: people.name(situation.work.session, situation.subject.handler_id),
                Text(nl="wie het oppakt", en="handler"),
            ),
            "rung_holder": Role(
                self.is_rung_holder,
                self.rung_names,
                Text(nl="trede", en="rung"),
                frozenset(rung.function for rung in self.ladder.rungs),
            ),
        }

    def _guards(self) -> dict[str, Guard]:
        return {
            "handler_is_in_team": Guard(_handler_is_in_team, fields("handler")),
            "told_not_in_future": Guard(_told_not_in_future, fields("told_on")),
            "is_worry": Guard(_is_worry),
            "has_code": Guard(_has_code),
            "has_no_code": Guard(_has_no_code),
            "says_what_is_done": Guard(self.says_what_is_done, fields("promised_action", "promised_by", "answer")),
            "promised_soon": Guard(self.promised_soon, fields("promised_on")),
            "someone_can_answer": Guard(self.someone_can_answer),
            "has_higher_rung": Guard(
                self.has_higher_rung,
                runs_out_by=fields("next_rung"),
                comes_back_by=RUNG_MOVERS - {"next_rung"},
                rung_rule=RungRule.HELD_ABOVE,
            ),
            "climbs_by_itself": Guard(self.climbs_by_itself, rung_rule=RungRule.CLIMBS),
        }

    def _effects(self) -> dict[str, Effect]:
        return {
            "keep_words": keep("kind", "words", if_given=("resident", "contact")),
            "become_handler": Effect(_become_handler),
            "choose_handler": Effect(_choose_handler, needs=fields("handler")),
            "keep_promise": keep("promised_action", "promised_by", "promised_on"),
            "answer_for_it": Effect(_answer_for_it),
            "keep_what_was_done": keep("what_was_done"),
            "keep_telling": keep("answer", "told_how", "told_on"),
            "keep_answer": Effect(_keep_answer, needs=fields("answer")),
            "keep_why_not_told": keep("why_not_told"),
            "keep_why_not_a_signal": keep("why_not_a_signal"),
            "keep_judgement": keep("judgement", if_given=("judged_why",)),
            "keep_dutch": keep("words_in_dutch"),
            "ask_higher": Effect(self.ask_higher),
            "next_rung": Effect(self.next_rung, moves_rung=RungMove.UP),
        }

    def standing(self, situation: Situation) -> Standing:
        """The ladder as it is staffed today for the team of the signal."""
        return Standing(situation.work.session, self.ladder, situation.subject.team_id)

    def is_rung_holder(self, situation: Situation) -> bool:
        """Can answer on the rung where it lies, or on the nearest one that is staffed today."""
        rung, actor = situation.subject.rung, situation.actor
        if rung is None or actor.person_id is None:
            return False
        return self.standing(situation).may_answer(actor, rung)

    def rung_names(self, situation: Situation) -> str | Reason:
        """Function and names of who can answer on this rung."""
        if situation.subject.rung is None:
            return ""
        session, standing = situation.work.session, self.standing(situation)
        function = self.ladder.rung(standing.answering_rung(situation.subject.rung)).function
        found = list(people.names(session, standing.who(function)).values())
        return with_names(function_words(session, function), found)

    def says_what_is_done(self, situation: Situation) -> Reason | None:
        """A resident hears an action, never that it is being worked on; which words say nothing stands in the table."""
        for name in ("promised_action", "promised_by", "answer"):
            empty = self.table.says_nothing(situation.fields.get(name, ""))
            if empty is not None:
                return Reason(
                    f"'{empty}' zegt de bewoner niets. Schrijf wat er gebeurt, wie het doet en wanneer.",
                    f"'{empty}' tells the resident nothing. Write what is done, who does it and when.",
                )
        return None

    def promised_soon(self, situation: Situation) -> Reason | None:
        """So far ahead lies a promise at most: then the resident hears something again."""
        day = situation.fields.get("promised_on")
        last = clock.local(self.table.promise_term().end(situation.at)).date()
        if day is None or day <= last:
            return None
        return Reason(
            f"Kies een dag tot en met {last:%d-%m-%Y}. Duurt het langer? Zeg dan wat u voor die dag doet.",
            f"Choose a day up to {last.isoformat()}. Does it take longer? Then say what you do before that day.",
        )

    def someone_can_answer(self, situation: Situation) -> Reason | None:
        """Blocks only when nobody stands on the whole ladder."""
        if self.standing(situation).anyone:
            return None
        return Reason("Niemand op de ladder kan nu antwoorden.", "Nobody on the ladder can answer now.")

    def has_higher_rung(self, situation: Situation) -> Reason | None:
        """Whether somebody stands on a higher rung."""
        if rung_allows(RungRule.HELD_ABOVE, self.ladder, situation.subject.rung or 1, self.standing(situation).held):
            return None
        return Reason("Er is geen hogere trede.", "There is no higher rung.")

    def climbs_by_itself(self, situation: Situation) -> Reason | None:
        """Whether silence on this rung leads up."""
        if self.ladder.climbs_from(situation.subject.rung or 1):
            return None
        return Reason("Deze trede klimt niet vanzelf.", "This rung does not climb by itself.")

    def ask_higher(self, situation: Situation) -> None:
        """To the lowest staffed rung; who said before that it did not help, goes one rung further."""
        signal: ResidentSignal = situation.subject
        move = RungMove.FIRST if signal.rung is None else RungMove.UP_OR_LAST
        signal.rung = rung_after(move, self.ladder, signal.rung or 1, self.standing(situation).held)

    def next_rung(self, situation: Situation) -> None:
        """Up to the next staffed rung."""
        signal: ResidentSignal = situation.subject
        signal.rung = rung_after(RungMove.UP, self.ladder, signal.rung or 1, self.standing(situation).held)

    def rung_term(self, signal: ResidentSignal, _at: datetime) -> Term:
        """How long the rung may take to answer."""
        return self.ladder.term_on(signal.rung or 1, in_danger=False).term()


def is_person(situation: Situation, number: int | None) -> bool:
    """Whether the actor is this person; a resident and the clock are nobody, also where nobody was chosen yet."""
    return number is not None and situation.actor.person_id == number


def keep(*names: str, if_given: tuple[str, ...] = ()) -> Effect:
    """An effect that takes over asked fields as they were filled in."""

    def take_over(situation: Situation) -> None:
        for name in (*names, *if_given):
            setattr(situation.subject, name, situation.fields.get(name))

    return Effect(take_over, frozenset(if_given), frozenset(names))


def _some(number: int | None) -> list[int]:
    return [] if number is None else [number]


def _is_team_lead(situation: Situation) -> bool:
    return bool(situation.actor.holds("team_lead", situation.subject.team_id))


def _team_leads(situation: Situation) -> list[int]:
    return people.holder_ids(situation.work.session, "team_lead", situation.subject.team_id)


def _team_lead_names(situation: Situation) -> str | Reason:
    return team_lead_words(situation.work.session, situation.subject.team_id)


def _is_team_member(situation: Situation) -> bool:
    return situation.subject.team_id in situation.actor.team_ids


def _team_name(situation: Situation) -> Reason:
    return team_mate_words(situation.work.session, situation.subject.team_id)


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


def _is_worry(situation: Situation) -> Reason | None:
    if situation.subject.kind == "worry":
        return None
    return Reason("Dit signaal is geen zorg om iemand.", "This signal is no worry about someone.")


def _has_code(situation: Situation) -> Reason | None:
    if situation.subject.followed:
        return None
    return Reason(
        "Deze bewoner heeft geen code om mee te lezen. Vertel het zelf terug.",
        "This resident has no code to read along with. Tell it back yourself.",
    )


def _has_no_code(situation: Situation) -> Reason | None:
    if not situation.subject.followed:
        return None
    return Reason(
        "Deze bewoner leest mee met een code. Zet het antwoord op de pagina van de bewoner.",
        "This resident reads along with a code. Put the answer on the resident's page.",
    )


def _become_handler(situation: Situation) -> None:
    situation.subject.handler_id = situation.actor.person_id


def _choose_handler(situation: Situation) -> None:
    signal: ResidentSignal = situation.subject
    signal.handler_id = situation.fields["handler"]


def _answer_for_it(situation: Situation) -> None:
    """Who answers on a rung sees to it where nobody had taken it up."""
    signal: ResidentSignal = situation.subject
    if signal.handler_id is None:
        signal.handler_id = situation.actor.person_id


def _keep_answer(situation: Situation) -> None:
    signal: ResidentSignal = situation.subject
    signal.answer = situation.fields["answer"]
    signal.told_how = "page"
    signal.told_on = clock.today()
