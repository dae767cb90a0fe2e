"""What goes on behind front doors in the fictional municipality: plain texts to draw from."""

GOING_ON = (
    "Dreigende uithuiszetting door huurachterstand.",
    "Schulden lopen op, post blijft dicht.",
    "Moeder alleen met drie kinderen, overbelast.",
    "Jongere zonder school of werk, veel ruzie thuis.",
    "Oudere man verwaarloost zichzelf en het huis.",
    "Geen verwarming sinds de afsluiting.",
    "Inkomen gestopt na een fout in de aanvraag.",
    "Buren melden geschreeuw in de nacht.",
)
NEXT_STEPS = (
    "Huisbezoek",
    "Bellen met de verhuurder",
    "Samen de post openen",
    "Gesprek op school",
    "Overleg met de partners",
)
PLANS = (
    "Eerst rust: huur betaald, daarna schulden op een rij. Bewoner opent zelf de post, wij kijken mee.",
    "Een vaste hulp thuis. School en huisarts weten wie er komt.",
)
SAFETY = (
    "Iedereen eet en slaapt thuis.",
    "Kinderen zijn overdag bij oma.",
    "Spanning thuis, geen geweld gezien.",
)
QUESTIONS = ("Wij willen hier blijven wonen.", "Ik wil weer overzicht.", "Rust voor de kinderen.")
STRENGTHS = ("Zus helpt elke week.", "Vader heeft werk.", "De buurvrouw kookt mee.")
TRACKS = {
    "finance": "Geen nieuwe schulden meer.",
    "housing": "Hier blijven wonen.",
    "work_and_education": "Elke dag naar school.",
    "mental_health": "Weer slapen.",
    "social_network": "Iemand die langskomt.",
}
ESCALATIONS = {
    "housing": "Een woning is nodig, de corporatie zegt nee.",
    "no_mandate": "Mag ik de huurschuld betalen? Het bedrag is boven mijn mandaat.",
    "no_budget": "Wie betaalt de tijdelijke opvang: jeugd of Wmo?",
    "waiting_list": "Er is geen behandelaar binnen drie maanden.",
    "debts": "De invordering moet even stil, anders valt het plan om.",
    "parties_do_not_cooperate": "School en jeugdzorg wachten op elkaar.",
    "rules_conflict": "De ene regel vraagt een adres, de andere geeft er geen.",
    "data_sharing": "De huisarts deelt niets zonder brief.",
    "fear_of_precedent": "De uitzondering mag, maar niemand durft.",
    "no_room_in_law": "De wet kent deze situatie niet.",
}
REMEDY_OF = {
    "housing": "place_or_care",
    "no_mandate": "wider_mandate",
    "no_budget": "bridging_budget",
    "waiting_list": "place_or_care",
    "debts": "time_out",
    "parties_do_not_cooperate": "one_who_decides",
    "rules_conflict": "deviation_from_rule",
    "data_sharing": "sharing_data",
    "fear_of_precedent": "deviation_from_rule",
    "no_room_in_law": "deviation_from_rule",
}
ANSWERS = (
    "Ik regel dit vandaag.",
    "Akkoord, doe het zo.",
    "Ik bel de directeur van de corporatie.",
    "Eerst dit, dan dat.",
)
OUTCOMES = (
    ("achieved", "Huur op orde, post gaat open.", "We slapen weer."),
    ("partly", "Schulden geregeld, wonen nog niet.", "Het gaat beter, maar we wonen nog klein."),
    ("not_achieved", "Geen woning gevonden binnen het jaar.", "Er is veel gepraat en weinig veranderd."),
    ("not_achieved", "Behandeling kwam te laat.", "Ik moest te lang wachten."),
)
SIGNALS = (
    ("complaint", "Ik word steeds doorverbonden."),
    ("suggestion", "Zet een spreekuur in de bibliotheek."),
    ("complaint", "Niemand belde terug."),
    ("suggestion", "Maak de brief korter."),
)
