"""One family of the fictional municipality with everything around it: people, helpers, appointments, a document."""

from datetime import date, datetime, timedelta

from wijkteam.appointments.service import NewAppointment, end_appointment, plan_appointment
from wijkteam.assembly import House
from wijkteam.case_files.service import NewCaseFile, add_case_file
from wijkteam.cases import queries as cases
from wijkteam.cases.model import HouseholdCase
from wijkteam.cases.service import NewCase, open_case
from wijkteam.demo.town import DOMAIN
from wijkteam.escalation.service import NewEscalation, escalate
from wijkteam.network.model import Relation
from wijkteam.network.service import OUTSIDE, NewHelper, NewRelation, add_helper, relate
from wijkteam.people import queries as people
from wijkteam.quotes.model import Quote
from wijkteam.quotes.service import NewQuote, write_quote
from wijkteam.residents.model import Resident
from wijkteam.residents.service import NewResident, OtherHome, record_in_other_home, record_resident
from wijkteam.storage.work import Work
from wijkteam.terms import clock
from wijkteam.tracks.service import NewTrack, begin_track

MOTHER, FATHER = "Voorbeeldlaan 8, gezin Voorbeeld", "Voorbeeldplein 3, de heer Verzonnen"


def show_family(house: House, work: Work) -> None:
    """A mother with two children, of whom one lives with his father every other week; plainly made up."""
    found = people.person_by_email(work.session, f"fenna@{DOMAIN}")
    fenna = people.acting_person(work.session, found.id) if found is not None else None
    if fenna is None or cases.cases_called(work.session, MOTHER):
        return
    at = clock.now() - timedelta(days=40)
    mine = work.acting_as(fenna)
    with work.transaction():
        with clock.standing_at(at):
            home = _open(mine, MOTHER, "Moeder is moe. De huur loopt achter en de post blijft dicht.")
            his = _open(mine, FATHER, "Vader wil zijn zoon vaker zien en heeft een klein huis.")
            mother = _people(mine, home, his)
        _months(mine, home, at)
        _now(mine, home, mother)
        mine.fire(his, "change_next_step", {"next_step": "Samen het huis bekijken", "next_step_on": _soon(4)})


def _open(mine: Work, where: str, going_on: str) -> HouseholdCase:
    day = clock.today()
    return open_case(mine, NewCase(where, going_on, "Langsgaan", day + timedelta(days=3)))


def _people(mine: Work, home: HouseholdCase, his: HouseholdCase) -> Resident:
    def resident(case: HouseholdCase, name: str, role: str, born: date, since: date | None = None) -> Resident:
        return record_resident(mine, NewResident(case.household_id, name, born, role, since))

    mother = resident(home, "Mia Voorbeeld", "moeder", date(1988, 5, 1), date(2018, 9, 1))
    father = resident(home, "Jan Verzonnen", "vader", date(1985, 3, 4), date(2018, 9, 1))
    son = resident(home, "Sem Voorbeeld", "zoon", date(2014, 2, 3))
    daughter = resident(home, "Lot Voorbeeld", "dochter", date(2017, 11, 20))
    granny = add_helper(
        mine,
        NewHelper(
            home.household_id, "Oma Rie", "family", "Past op na school", reach="Belt liever na zeven uur", since=None
        ),
    )
    number = home.household_id
    married = relate(mine, NewRelation(number, mother.id, "partner", father.id, date(2012, 6, 1)))
    for child in (son, daughter):
        for parent in (mother, father):
            relate(mine, NewRelation(number, parent.id, "parent", child.id))
    relate(mine, NewRelation(number, mother.id, "child", f"{OUTSIDE}{granny.id}"))
    left = clock.today() - timedelta(days=20)
    mine.act_on(Relation, married.id, "end", {"ended_on": left, "how_ended": "divorced"})
    record_in_other_home(mine, father.id, OtherHome(his.household_id, left, moved=True))
    record_in_other_home(mine, son.id, OtherHome(his.household_id, left, "Om de week"))
    return mother


def _months(mine: Work, home: HouseholdCase, at: datetime) -> None:
    with clock.standing_at(at + timedelta(days=2)):
        mine.fire(home, "found_safe", {"safety": "Iedereen eet en slaapt thuis."})
        add_helper(
            mine,
            NewHelper(
                home.household_id,
                "Bo van de Bank",
                "volunteer",
                "Ordent elke week de post",
                "Budgetmaatjes Voorbeeldstad",
                "finance",
                "Dinsdag en donderdag",
                "ja",
                clock.today(),
            ),
        )
        first = plan_appointment(
            mine, NewAppointment(home.id, "Samen de post openen", _soon(3), "10:00", with_whom="Mia", place="Thuis")
        )
    with clock.standing_at(at + timedelta(days=7)):
        end_appointment(mine, first.id, "keep", {"how_it_went": "Zes enveloppen open. Twee rekeningen betaald."})
        mine.fire(home, "question_is_clear", {"question": "Wij willen hier blijven wonen.", "strengths": "Oma helpt."})
        plan = "Eerst de huur. Daarna rust voor de kinderen."
        mine.fire(home, "plan_is_agreed", {"plan": plan, "next_step": "Bellen", "next_step_on": _soon(9)})
        begin_track(
            mine, NewTrack(home.id, home.team_id, "finance", "Geen nieuwe schulden meer.", "Post ordenen", _soon(50))
        )
    with clock.standing_at(at + timedelta(days=21)):
        mine.fire(
            home, "add_note", {"note": "Lot vertelde dat zij weer naar zwemles gaat.", "contact_kind": "home_visit"}
        )
        why = "Brief van de verhuurder over de achterstand"
        letter = b"Dit is een verzonnen brief van een verzonnen verhuurder."
        add_case_file(mine, NewCaseFile(home.id, "brief verhuurder.txt", "text/plain", letter, why))
        said = "Ik bel elke week, en elke week krijg ik iemand anders."
        quote = write_quote(mine, NewQuote(home.id, "resident", said, "debts"))
        mine.act_on(Quote, quote.id, "release", {"agreed": "said"})


def _now(mine: Work, home: HouseholdCase, mother: Resident) -> None:
    with clock.standing_at(clock.now() - timedelta(days=1)):
        question = "De verhuurder wil nu geld zien. Wie kan uitstel afspreken?"
        escalate(mine, NewEscalation(home.id, home.team_id, question, "debts"))
        mine.fire(
            home, "add_note", {"note": f"{mother.name} belde: zij is bang voor de brief.", "contact_kind": "phone"}
        )
    plan_appointment(
        mine,
        NewAppointment(
            home.id, "Afspraken over de huur", _soon(1), "14:30", "half_hour", "Mia en Bo", "Thuis", is_next_step=True
        ),
    )


def _soon(days: int) -> date:
    return clock.today() + timedelta(days=days)
