"""Founding the fictional municipality: areas, teams, people and a mandate register."""

from dataclasses import dataclass
from datetime import date, timedelta

from wijkteam import assembly
from wijkteam.assembly import House
from wijkteam.cases import queries as cases
from wijkteam.engine.loading import load_document
from wijkteam.mandate.keeping import fill_register
from wijkteam.mandate.register_file import MandateEntry, RegisterFile
from wijkteam.people import queries as people_queries
from wijkteam.people import service as people
from wijkteam.people.model import Person, Team
from wijkteam.people.service import NewPerson
from wijkteam.shipped import folder
from wijkteam.signing_in.passwords import give_password
from wijkteam.storage.work import Work
from wijkteam.terms import clock

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
    SignIn("objection_officer", "Olga Bezwaar", f"olga@{DOMAIN}"),
    SignIn("privacy_officer", "Pia Privacy", f"pia@{DOMAIN}"),
    SignIn("guest", "Gijs Gast", f"gijs@{DOMAIN}"),
    SignIn("functional_administrator", "Ada Beheer", f"ada@{DOMAIN}"),
    SignIn("complaint_officer", "Kira Klacht", f"kira@{DOMAIN}"),
)
IN_A_TEAM = ("best_person", "team_lead")
COLLEAGUES = ("Sam Steun", "Noa Nabij", "Kim Keuken", "Rik Raad")


def demo_register() -> list[MandateEntry]:
    """The rows of the fictional register."""
    path = folder("workflows") / "registers" / "demo.yaml"
    return load_document(path, RegisterFile).mandates


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
            _add_somebody_of_another_employer(work, teams[0])
        fill_register(work, demo_register(), FOUNDED)


def _add_colleagues(work: Work, team: Team, number: int) -> None:
    for name in COLLEAGUES:
        first, last = name.split()
        email = f"{first.lower()}.{number}@{DOMAIN}"
        _add(work, SignIn("best_person", f"{first} {last}-{number}", email), team, None)
    if number > 1:
        _add(work, SignIn("team_lead", f"Teamleider {number}", f"teamleider.{number}@{DOMAIN}"), team, None)


def _add_somebody_of_another_employer(work: Work, team: Team) -> None:
    """Who works for a foundation consented to hold mandate (Awb 10:4), is away now, and is stood in for."""
    email = f"wil.1@{DOMAIN}"
    if people_queries.person_by_email(work.session, email) is not None:
        return
    new = NewPerson("Wil Welzijn-1", email, civil_servant=False, employer="Stichting Voorbeeldwelzijn")
    wil = people.add_person(work, new)
    people.give_function(work, wil, "best_person", team, FOUNDED)
    people.record_consent(work, wil.id, "best_person", FOUNDED, FOUNDED)
    people.record_absence(work, wil.id, clock.today(), clock.today() + timedelta(days=13))
    sam = people_queries.person_by_email(work.session, f"sam.1@{DOMAIN}")
    if sam is not None:
        people.appoint_deputy(work, wil.id, sam.id, "best_person")


def _add(work: Work, sign_in: SignIn, team: Team | None, password: str | None) -> Person:
    found = people_queries.person_by_email(work.session, sign_in.email)
    if found is not None:
        return found
    person = people.add_person(work, NewPerson(sign_in.name, sign_in.email))
    if password is not None:
        give_password(work, person.id, password)  # everybody may know this one, and so no rule is asked about it
    people.give_function(work, person, sign_in.function, team, FOUNDED)
    return person
