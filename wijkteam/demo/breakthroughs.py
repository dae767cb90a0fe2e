"""The past of the fictional municipality at the top of the ladder: patterns, breakthroughs and backing."""

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from wijkteam.assembly import House
from wijkteam.cases import queries as cases
from wijkteam.deadlines.worker import let_time_pass
from wijkteam.engine.running import Refused
from wijkteam.escalation.backing import NewBacking, give_backing
from wijkteam.escalation.breakthroughs import NewBreakthrough, choose_breakthrough
from wijkteam.escalation.model import Breakthrough, Escalation, StructuralEscalation
from wijkteam.escalation.queries import ENDED
from wijkteam.escalation.structural import NewStructural, raise_structural
from wijkteam.people import queries as people
from wijkteam.people.acting import ActingPerson
from wijkteam.storage.subject import ALPHABET, ID_LENGTH
from wijkteam.storage.work import Work
from wijkteam.terms import clock

PATTERNS = (
    ("housing", "Maak tien woningen per jaar vrij voor gezinnen die anders op straat komen.", 400),
    ("no_mandate", "Laat teams tot € 2.500 zelf besluiten over huurschuld.", 300),
    ("waiting_list", "Koop zes behandelplekken in voor gezinnen die nu wachten.", 200),
    ("debts", "Spreek met de deurwaarders af dat invordering dertig dagen stil kan.", 60),
    ("no_budget", "Wijs één pot aan voor opvang tussen jeugd en Wmo.", 12),
)
"""Barrier, question, and how many days ago it was asked."""
BEHIND = 7
"""At most so many escalations stand behind one question."""


class TopMaker:
    """Tells what happened at the top, each step at its own moment in the past."""

    def __init__(self, house: House, work: Work, seed: int) -> None:
        self.house = house
        self.work = work
        self.chance = random.Random(f"top-{seed}")
        self.until = datetime.combine(clock.today(), datetime.min.time(), tzinfo=clock.NETHERLANDS).astimezone(UTC)
        self.subjects: list[str] = []

    def new_id(self) -> str:
        """A subject id drawn from the seed."""
        found = "".join(self.chance.choice(ALPHABET) for _ in range(ID_LENGTH))
        self.subjects.append(found)
        return found

    def one(self, function: str) -> ActingPerson | None:
        """The first who holds a function."""
        found = people.holders(self.work.session, function)
        return people.acting_person(self.work.session, found[0].id) if found else None

    def at(self, days_ago: float, act: Callable[[], Any]) -> Any:
        """Do something so many days ago, after whatever fell due before; None when the rules refuse it."""
        moment = self.until - timedelta(days=days_ago)
        let_time_pass(self.work, self.subjects, moment)
        with clock.standing_at(moment):
            try:
                return act()
            except Refused:
                return None

    def fire(self, who: ActingPerson, subject: Any, name: str, **fields: Any) -> Any:
        """Take a step as somebody."""
        return self.work.acting_as(who).fire(subject, name, fields)

    def patterns(self, owner: ActingPerson, top: ActingPerson, payer: ActingPerson) -> None:
        """Five questions: one realised late, one not realised, one promised, one refused, one waiting."""
        told = [self.asked(*pattern) for pattern in PATTERNS]
        late, failed, promised, refused, _waiting = told
        if late is not None:
            first = self.promise(late, top, owner, payer, "Tien woningen per jaar", 390, 90)
            self.at(290, lambda: self.fire(owner, first, "promise_anew", promised_on=self.day(150), why="De raad."))
            self.at(120, lambda: self.fire(owner, first, "realise", result="De afspraak met de corporaties ligt er."))
        if failed is not None:
            second = self.promise(failed, top, owner, payer, "Zelf besluiten tot € 2.500", 290, 120)
            self.at(150, lambda: self.fire(top, second, "not_realise", result="De accountant vond dit te ruim."))
        if promised is not None:
            third = self.promise(promised, top, owner, payer, "Zes behandelplekken", 190, 260)
            self.at(20, lambda: self.fire(owner, third, "note_progress", progress="Vier plekken zijn ingekocht."))
        if refused is not None:
            why = "Dit mag de gemeente niet alleen beslissen. Wij leggen het bij de regio neer."
            self.at(50, lambda: self.fire(top, refused, "refuse", why=why))
        let_time_pass(self.work, self.subjects, self.until)

    def day(self, days_ago: int) -> date:
        """The day so many days ago."""
        return clock.local(self.until).date() - timedelta(days=days_ago)

    def asked(self, barrier: str, question: str, days_ago: int) -> StructuralEscalation | None:
        """One question by somebody who may read all that stands behind it."""
        moment = self.until - timedelta(days=days_ago)
        rows = select(Escalation).where(Escalation.barrier == barrier, Escalation.opened_at < moment)
        found = list(self.work.session.scalars(rows.order_by(Escalation.opened_at, Escalation.id)))
        if not found:
            return None
        by_team: dict[int, list[Escalation]] = {}
        for each in found:
            by_team.setdefault(each.team_id, []).append(each)
        team_id = max(by_team, key=lambda each: (len(by_team[each]), -each))
        leads = people.holders(self.work.session, "team_lead", team_id)
        lead = people.acting_person(self.work.session, leads[0].id) if leads else None
        if lead is None:
            return None
        new = NewStructural(question, barrier, tuple(each.id for each in by_team[team_id][-BEHIND:]))
        raised: StructuralEscalation | None = self.at(
            days_ago, lambda: raise_structural(self.work.acting_as(lead), new, self.new_id())
        )
        return raised

    def promise(
        self,
        structural: StructuralEscalation,
        top: ActingPerson,
        owner: ActingPerson,
        payer: ActingPerson,
        title: str,
        days_ago: int,
        within: int,
    ) -> Breakthrough:
        """The question becomes a breakthrough, promised within so many days."""
        day = self.day(days_ago) + timedelta(days=within)
        new = NewBreakthrough(title, owner.person_id, payer.person_id, day, structural.id)
        chosen: Breakthrough | None = self.at(
            days_ago, lambda: choose_breakthrough(self.work.acting_as(top), new, self.new_id())
        )
        assert chosen is not None
        return chosen

    def backing(self, top: ActingPerson) -> None:
        """The bestuurder stands behind one professional whose question came all the way up, when there is one."""
        rows = select(Escalation).where(Escalation.state.not_in(ENDED), Escalation.highest_rung == 4)
        asked = self.work.session.scalars(rows.order_by(Escalation.opened_at.desc(), Escalation.id)).first()
        if asked is None or cases.find_case(self.work.session, asked.case_id) is None:
            return
        words = "Help dit gezin ook zonder inschrijving. Ik sta daarvoor."
        new = NewBacking(words, self.day(-60), None, None, asked.case_id, asked.id)
        self.at(1, lambda: give_backing(self.work.acting_as(top), new, self.new_id()))


def tell_the_top(house: House, work: Work, seed: int) -> None:
    """What the top of the ladder did with all that came up, in one transaction; nothing where nobody stands there."""
    maker = TopMaker(house, work, seed)
    with work.transaction():
        top, owner, payer = (maker.one(function) for function in ("bestuurder", "process_director", "manager"))
        if top is None or owner is None or payer is None:
            return
        maker.patterns(owner, top, payer)
        maker.backing(top)
