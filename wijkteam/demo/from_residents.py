"""What residents of the fictional municipality sent themselves, without account, and what was done with it."""

from typing import Any

from wijkteam.assembly import House
from wijkteam.demo.breakthroughs import TopMaker
from wijkteam.people import queries as people
from wijkteam.people.acting import ActingPerson
from wijkteam.signals.acting import ActingResident
from wijkteam.signals.model import ConductComplaint, ResidentSignal
from wijkteam.signals.service import CONDUCT, WORRY, GivenSignal, give_signal
from wijkteam.storage.work import Work
from wijkteam.terms import clock
from wijkteam.terms.duration import add_to, read_duration


class ResidentMaker(TopMaker):
    """Tells what residents gave, each step at its own moment in the past."""

    def give(self, days_ago: float, given: GivenSignal) -> Any:
        """A resident sends a form."""
        return self.at(days_ago, lambda: self._taken_in(given))

    def _taken_in(self, given: GivenSignal) -> Any:
        received = give_signal(self.work, given, self.house.signal_table, self.new_id())
        model = ConductComplaint if received.kind == ConductComplaint.workflow else ResidentSignal
        return self.work.session.get(model, received.subject_id)

    def do(self, days_ago: float, subject: Any, name: str, actor: ActingPerson | None, **fields: Any) -> None:
        """Somebody takes a step; without a person it is the resident."""
        acting = self.work.acting_as(actor or ActingResident(subject.id))
        self.at(days_ago, lambda: acting.fire(subject, name, fields))


def tell_residents(house: House, work: Work, seed: int) -> None:
    """Signals and a complaint in several languages, in one transaction; nothing where the first team has no lead."""
    maker = ResidentMaker(house, work, seed)
    with work.transaction() as session:
        teams = sorted(people.teams(session), key=lambda each: each.id)
        lead = _holder(maker, "team_lead", teams[0].id) if teams else None
        worker = _holder(maker, "best_person", teams[0].id) if teams else None
        officer, manager = maker.one("complaint_officer"), maker.one("manager")
        if lead is None or worker is None:
            return
        _lamp(maker, worker)
        _answered(maker, worker)
        _does_not_help(maker, lead)
        maker.give(0.4, GivenSignal(WORRY, "Mijn verzonnen buurvrouw doet al dagen de deur niet open."))
        if officer is not None and manager is not None:
            _complaint(maker, officer, manager)


def _holder(maker: ResidentMaker, function: str, team_id: int) -> ActingPerson | None:
    found = [each for each in people.reachable(maker.work.session, function, team_id) if team_id in each.team_ids]
    return found[0] if found else None


def _lamp(maker: ResidentMaker, worker: ActingPerson) -> None:
    signal = maker.give(12, GivenSignal("complaint", "Uydurma parktaki lamba haftalardır bozuk.", language="tr"))
    maker.do(11, signal, "take_up", worker)
    maker.do(11, signal, "put_in_dutch", worker, words_in_dutch="De lamp in het verzonnen park is al weken stuk.")
    promise = {
        "promised_action": "De monteur vervangt de lamp in het park.",
        "promised_by": "de wijkbeheerder",
        "promised_on": _in_days(maker, 2),
    }
    maker.do(3, signal, "promise", worker, **promise)


def _answered(maker: ResidentMaker, worker: ActingPerson) -> None:
    signal = maker.give(20, GivenSignal("suggestion", "Proszę postawić ławkę przy zmyślonej szkole.", language="pl"))
    maker.do(19, signal, "take_up", worker)
    maker.do(19, signal, "put_in_dutch", worker, words_in_dutch="Zet een bankje bij de verzonnen school.")
    maker.do(9, signal, "done", worker, what_was_done="Er staat een bankje.")
    maker.do(9, signal, "answer", worker, answer="De wijkbeheerder heeft vorige week een bankje bij de school gezet.")


def _does_not_help(maker: ResidentMaker, lead: ActingPerson) -> None:
    words = "Ik bel al drie weken over de verzonnen traplift en word steeds doorverbonden."
    signal = maker.give(7, GivenSignal("complaint", words))
    maker.do(6, signal, "take_up", lead)
    maker.do(0.8, signal, "not_helped", None, why="Er belde niemand terug.")


def _complaint(maker: ResidentMaker, officer: ActingPerson, manager: ActingPerson) -> None:
    words = "De verzonnen medewerker lachte mij uit aan de balie."
    complaint = maker.give(8, GivenSignal(CONDUCT, words, about_whom="Iemand van de balie"))
    maker.do(7, complaint, "assign", officer, handler=manager.person_id)


def _in_days(maker: ResidentMaker, days: int) -> str:
    return add_to(clock.local(maker.until).date(), read_duration(f"P{days}D")).isoformat()
