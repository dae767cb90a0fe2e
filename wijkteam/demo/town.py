"""Founding the fictional municipality: areas, teams, people and a mandate register."""

from dataclasses import dataclass
from datetime import date

from wijkteam import assembly
from wijkteam.assembly import House
from wijkteam.cases import queries as cases
from wijkteam.mandate import queries as mandate_queries
from wijkteam.mandate import service as mandate
from wijkteam.mandate.service import NewMandate
from wijkteam.people import queries as people_queries
from wijkteam.people import service as people
from wijkteam.people.model import Person, Team
from wijkteam.people.service import NewPerson
from wijkteam.storage.work import Work

PASSWORD = "voorbeeldstad-demo"
DOMAIN = "voorbeeldstad.example"
FOUNDED = date(2020, 1, 1)
WIJKEN_PER_TEAM = 12


@dataclass(frozen=True)
class SignIn:
    """One of the demo's people who can sign in."""

    function: str
    name: str
    email: str


SIGN_INS = (
    SignIn("best_person", "Fenna Fictief", f"fenna@{DOMAIN}"),
    SignIn("team_lead", "Teun Teamleider", f"teun@{DOMAIN}"),
    SignIn("process_director", "Petra Procesregie", f"petra@{DOMAIN}"),
    SignIn("manager", "Mo Manager", f"mo@{DOMAIN}"),
    SignIn("bestuurder", "Bea Bestuurder", f"bea@{DOMAIN}"),
    SignIn("payer", "Fia Financien", f"fia@{DOMAIN}"),
    SignIn("functional_administrator", "Ada Beheer", f"ada@{DOMAIN}"),
)
IN_A_TEAM = ("best_person", "team_lead")
COLLEAGUES = ("Sam Steun", "Noa Nabij", "Kim Keuken", "Rik Raad")

LOCAL = "lokaal voorbeeld; bedragen niet geverifieerd"
REGISTER = (
    NewMandate(
        "M-01",
        "mini_budget",
        "best_person",
        "volmacht",
        "Gemeentewet art. 160",
        ceiling_per_decision=50_000,
        ceiling_per_household=50_000,
        conditions=LOCAL,
    ),
    NewMandate(
        "M-02",
        "tailored_budget",
        "best_person",
        "volmacht",
        "Gemeentewet art. 160",
        ceiling_per_decision=25_000,
        ceiling_per_household=75_000,
        conditions=LOCAL,
    ),
    NewMandate(
        "M-03",
        "tailored_budget",
        "team_lead",
        "volmacht",
        "Gemeentewet art. 160",
        ceiling_per_decision=250_000,
        conditions=LOCAL,
    ),
    NewMandate(
        "M-04",
        "tailored_budget",
        "manager",
        "volmacht",
        "Gemeentewet art. 160",
        ceiling_per_decision=1_500_000,
        conditions=LOCAL,
    ),
    NewMandate("M-05", "tailored_budget", "bestuurder", "volmacht", "Gemeentewet art. 160", conditions=LOCAL),
    NewMandate(
        "M-06",
        "wmo_provision",
        "team_lead",
        "mandaat",
        "Wmo 2015 art. 2.3.5",
        ceiling_per_decision=500_000,
        conditions=LOCAL,
    ),
    NewMandate("M-07", "wmo_provision", "manager", "mandaat", "Wmo 2015 art. 2.3.5", conditions=LOCAL),
    NewMandate(
        "M-08",
        "urgent_wmo_provision",
        "best_person",
        "mandaat",
        "Wmo 2015 art. 2.3.3",
        ceiling_per_decision=100_000,
        conditions=LOCAL,
    ),
    NewMandate(
        "M-09",
        "special_assistance",
        "team_lead",
        "mandaat",
        "Participatiewet art. 35",
        ceiling_per_decision=150_000,
        civil_servant_only=True,
        conditions=LOCAL,
    ),
    NewMandate(
        "M-10",
        "special_assistance",
        "manager",
        "mandaat",
        "Participatiewet art. 35",
        civil_servant_only=True,
        conditions=LOCAL,
    ),
    NewMandate("M-11", "stop_collection", "team_lead", "machtiging", "Awb art. 4:94", conditions=LOCAL),
    NewMandate("M-12", "housing_urgency", "manager", "mandaat", "Huisvestingswet 2014 art. 12", conditions=LOCAL),
)


def found_town(house: House, work: Work, with_colleagues: bool = True) -> None:
    """Teams for all wijken, people for all functions, and the register; nothing is added twice."""
    with work.transaction() as session:
        assembly.keep_code_lists(house, work)
        codes = [wijk.code for wijk in cases.wijken(session)]
        parts = [tuple(codes[start : start + WIJKEN_PER_TEAM]) for start in range(0, len(codes), WIJKEN_PER_TEAM)]
        teams = [people.add_team(work, f"Wijkteam {number}", part) for number, part in enumerate(parts or [()], 1)]
        for sign_in in SIGN_INS:
            _add(work, sign_in, teams[0] if sign_in.function in IN_A_TEAM else None, PASSWORD)
        if with_colleagues:
            for number, team in enumerate(teams, 1):
                _add_colleagues(work, team, number)
        known = {row.number for row in mandate_queries.register(session)}
        for row in REGISTER:
            if row.number not in known:
                mandate.add_mandate(work, NewMandate(**{**vars(row), "valid_from": FOUNDED}))


def _add_colleagues(work: Work, team: Team, number: int) -> None:
    for name in COLLEAGUES:
        first, last = name.split()
        email = f"{first.lower()}.{number}@{DOMAIN}"
        _add(work, SignIn("best_person", f"{first} {last}-{number}", email), team, None)
    if number > 1:
        _add(work, SignIn("team_lead", f"Teamleider {number}", f"teamleider.{number}@{DOMAIN}"), team, None)


def _add(work: Work, sign_in: SignIn, team: Team | None, password: str | None) -> Person:
    found = people_queries.person_by_email(work.session, sign_in.email)
    if found is not None:
        return found
    person = people.add_person(work, NewPerson(sign_in.name, sign_in.email, password))
    people.give_function(work, person, sign_in.function, team, FOUNDED)
    return person
