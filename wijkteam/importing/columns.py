"""What a file may hold: the one description that reading, the template and the manual come from."""

from collections.abc import Mapping

from wijkteam.engine.definition import Text
from wijkteam.importing.shapes import Column, Form, Kind

WORKBOOK = "workbook"


def _household() -> Column:
    return Column(
        "household",
        "huishouden",
        Text(nl="Uw eigen nummer van het huishouden.", en="Your own number of the household."),
        "H-001",
        needed=True,
    )


PEOPLE = Kind(
    "people",
    "mensen",
    Text(nl="Wie met het systeem werken.", en="Who works with the system."),
    (
        Column(
            "name", "naam", Text(nl="Voornaam en achternaam.", en="First name and surname."), "Evi Eerst", needed=True
        ),
        Column(
            "email",
            "e-mail",
            Text(nl="Hiermee logt iemand in. Niemand anders heeft dit adres.", en="Signs in with it; nobody else's."),
            "evi@gemeente.example",
            Form.EMAIL,
            needed=True,
        ),
        Column(
            "civil_servant",
            "ambtenaar",
            Text(nl="Is deze persoon ambtenaar? Leeg: ja.", en="Whether a civil servant. Empty: yes."),
            "ja",
            Form.YES_NO,
        ),
        Column(
            "employer",
            "werkgever",
            Text(nl="Alleen voor wie bij een ander werkt.", en="Only for who works for another employer."),
            "Stichting Voorbeeld",
        ),
    ),
)
TEAMS = Kind(
    "teams",
    "teams",
    Text(nl="De teams en hun wijken.", en="The teams and their wijken."),
    (
        Column("name", "naam", Text(nl="Naam van het team.", en="Name of the team."), "Wijkteam Noord", needed=True),
        Column(
            "wijken",
            "wijken",
            Text(nl="CBS-codes van de wijken. Die moeten bekend zijn.", en="CBS codes of wijken that are known here."),
            "WK999901 WK999902",
            Form.CODES,
        ),
    ),
)
FUNCTIONS = Kind(
    "functions",
    "functies",
    Text(nl="Wie welke functie heeft, in welk team.", en="Who holds which function, in which team."),
    (
        Column(
            "email",
            "e-mail",
            Text(nl="Van wie de functie heeft.", en="Of who holds it."),
            "evi@gemeente.example",
            Form.EMAIL,
            needed=True,
        ),
        Column(
            "function",
            "functie",
            Text(nl="Code of naam van de functie.", en="Code or title of the function."),
            "best_person",
            needed=True,
        ),
        Column(
            "team", "team", Text(nl="Leeg: de hele gemeente.", en="Empty: the whole municipality."), "Wijkteam Noord"
        ),
        Column(
            "valid_from",
            "vanaf",
            Text(nl="Eerste dag. Leeg: vandaag.", en="First day. Empty: today."),
            "01-01-2026",
            Form.DAY,
        ),
        Column(
            "valid_until",
            "tot en met",
            Text(nl="Laatste dag. Leeg: tot nader order.", en="Last day. Empty: until further notice."),
            "31-12-2027",
            Form.DAY,
        ),
        Column(
            "consented_on",
            "instemming",
            Text(
                nl="Dag waarop wie geen ambtenaar is instemde (Awb 10:4).",
                en="Day on which who is no civil servant agreed (Awb 10:4).",
            ),
            "15-12-2025",
            Form.DAY,
        ),
        Column(
            "employer_consented_on",
            "instemming werkgever",
            Text(nl="Dag waarop de werkgever instemde (Awb 10:4).", en="Day on which the employer agreed (Awb 10:4)."),
            "15-12-2025",
            Form.DAY,
        ),
    ),
)
HOUSEHOLDS = Kind(
    "households",
    "huishoudens",
    Text(nl="De huishoudens waar casussen over gaan.", en="The households that cases are about."),
    (
        _household(),
        Column(
            "who_or_where",
            "wie of waar",
            Text(nl="Naam, adres of allebei. Geen BSN.", en="Name, address or both. No BSN."),
            "Familie Voorbeeld, Dorpsstraat 1",
            needed=True,
            private=True,
        ),
        Column("buurt", "buurt", Text(nl="CBS-code van de buurt.", en="CBS code of the buurt."), "BU99990101"),
        Column(
            "same_as",
            "zelfde huishouden als",
            Text(
                nl="Het nummer van een huishouden dat er al is, of: nieuw. Leeg: nieuw.",
                en="The number of a household that is here already, or: nieuw (new). Empty: new.",
            ),
            "nieuw",
        ),
    ),
)
CASES = Kind(
    "cases",
    "casussen",
    Text(nl="De open casussen.", en="The open cases."),
    (
        _household(),
        Column(
            "owner",
            "eigenaar",
            Text(nl="E-mailadres van wie de casus heeft.", en="E-mail address of who owns it."),
            "evi@gemeente.example",
            Form.EMAIL,
            needed=True,
        ),
        Column(
            "team", "team", Text(nl="Leeg: het team van de eigenaar.", en="Empty: the owner's team."), "Wijkteam Noord"
        ),
        Column(
            "what_is_going_on",
            "wat is er aan de hand",
            Text(nl="In gewone woorden.", en="In plain words."),
            "Huurschuld",
            Form.TEXT,
            needed=True,
            private=True,
        ),
        Column(
            "next_step",
            "volgende stap",
            Text(nl="Wat gaat er gebeuren?", en="What is going to happen?"),
            "Bellen met de verhuurder",
            needed=True,
            private=True,
        ),
        Column(
            "next_step_on",
            "wanneer",
            Text(nl="De dag van de volgende stap.", en="The day of the next step."),
            "31-12-2030",
            Form.COMING_DAY,
            needed=True,
        ),
        Column(
            "state",
            "stand",
            Text(
                nl="Gemeld, Vraag verhelderen, Plan maken, Uitvoeren, Evalueren, Nazorg, Veiligheid eerst, "
                "Wacht op een ander of Geen contact. Leeg: Gemeld.",
                en="signalled, clarifying, planning, carrying_out, evaluating, aftercare, unsafe, waiting or "
                "avoiding. Empty: signalled.",
            ),
            "Uitvoeren",
        ),
        Column(
            "before",
            "stand daarvoor",
            Text(nl="Alleen bij de laatste drie standen.", en="Only for the last three states."),
            "Plan maken",
        ),
        Column(
            "safety",
            "veiligheid",
            Text(
                nl="Wat u weet over de veiligheid. Nodig na Gemeld.",
                en="What is known about safety. Needed after signalled.",
            ),
            "Iedereen is veilig",
            Form.TEXT,
            private=True,
        ),
        Column(
            "question",
            "vraag",
            Text(
                nl="De vraag van het huishouden. Nodig vanaf Plan maken.",
                en="What the household asks. Needed from planning on.",
            ),
            "Rust over geld",
            Form.TEXT,
            private=True,
        ),
        Column(
            "strengths",
            "wat gaat er goed",
            Text(nl="Wat goed gaat, en wie er al helpt.", en="What goes well, and who helps."),
            "Oma past op",
            Form.TEXT,
            private=True,
        ),
        Column(
            "plan",
            "plan",
            Text(nl="Het ene plan. Nodig vanaf Uitvoeren.", en="The one plan. Needed from carrying_out on."),
            "Schuld regelen in zes maanden",
            Form.TEXT,
            private=True,
        ),
        Column(
            "explained",
            "toelichting",
            Text(
                nl="Hoe het gaat (Evalueren), waardoor (Nazorg), op wie u wacht, of wat er is geprobeerd "
                "(Geen contact).",
                en="How it goes (evaluating), because of what (aftercare), whom you wait for, or what was tried "
                "(avoiding).",
            ),
            "Het gaat beter",
            Form.TEXT,
            private=True,
        ),
        Column(
            "outcome",
            "uitkomst",
            Text(
                nl="Bij Nazorg: Gelukt, Deels gelukt of Niet gelukt.",
                en="For aftercare: achieved, partly or not_achieved.",
            ),
            "Gelukt",
        ),
        Column(
            "began_on",
            "begonnen op",
            Text(nl="Komt als notitie in de casus.", en="Becomes a note in the case."),
            "01-03-2025",
            Form.DAY,
        ),
        Column(
            "reference",
            "kenmerk",
            Text(
                nl="Het nummer dat de casus had. Komt als notitie in de casus.",
                en="The number that it had. Becomes a note in the case.",
            ),
            "Z-2025-17",
        ),
    ),
)
RESIDENTS = Kind(
    "residents",
    "bewoners",
    Text(nl="Wie er wonen. Alleen wat nodig is.", en="Who lives there. Only what is needed."),
    (
        _household(),
        Column(
            "name",
            "naam",
            Text(nl="Naam van de bewoner.", en="Name of the resident."),
            "Vera Voorbeeld",
            needed=True,
            private=True,
        ),
        Column(
            "birth_date",
            "geboortedatum",
            Text(nl="Alleen als dat nodig is.", en="Only where needed."),
            "05-06-1988",
            Form.DAY,
            private=True,
        ),
        Column(
            "role",
            "rol",
            Text(nl="Wie dit is in het huishouden.", en="Who this is in the household."),
            "moeder",
            private=True,
        ),
        Column(
            "lived_since",
            "woont hier vanaf",
            Text(nl="De eerste dag.", en="The first day."),
            "01-02-2020",
            Form.DAY,
            private=True,
        ),
        Column(
            "part_of_time",
            "deel van de tijd",
            Text(nl="Alleen voor wie twee adressen heeft.", en="Only for who has two addresses."),
            "om de week",
            private=True,
        ),
        Column(
            "bsn",
            "bsn",
            Text(nl="Alleen met een grondslag. Wordt verzegeld bewaard.", en="Only on a legal ground. Kept sealed."),
            "",
            Form.BSN,
            private=True,
        ),
        Column(
            "bsn_ground",
            "grondslag bsn",
            Text(nl="Code van de wet die het vraagt.", en="Code of the law that asks for it."),
            "wmo",
        ),
        Column(
            "bsn_purpose", "doel bsn", Text(nl="Waarvoor het nodig is.", en="What it is needed for."), "Aanvraag Wmo"
        ),
    ),
)
KINDS: Mapping[str, Kind] = {each.key: each for each in (PEOPLE, TEAMS, FUNCTIONS, HOUSEHOLDS, CASES, RESIDENTS)}
"""In the order in which rows come in: each kind names only what stands in those before it."""
EXPLANATION = "uitleg"
"""The sheet of the template that explains the others; nothing is read from it."""


def kind_called(name: str) -> Kind | None:
    """The kind of a sheet or a command, by its Dutch or its English name."""
    wanted = name.strip().lower()
    return next((each for each in KINDS.values() if wanted in (each.key, each.sheet)), None)
