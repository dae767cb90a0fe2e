"""What the script that works without a connection says by itself: it has no page to read its words from.

Where something is filled in, its name stands in braces.
"""

from wijkteam.web.language import NAMES, Language, later, translations

WORDS = {
    "openen": later("Casus openen"),
    "add_note": later("Notitie"),
    "change_next_step": later("Andere volgende stap"),
    "lose_contact": later("Geen contact meer"),
    "regain_contact": later("Weer contact"),
    "opschalen": later("Opschaling"),
    "home_visit": later("Huisbezoek"),
    "phone": later("Telefoon"),
    "message": later("App of mail"),
    "meeting": later("Overleg"),
    "standing": later("<b>Zonder verbinding</b> · bijgewerkt {at}"),
    "asks": later("Dit vraagt uw keuze"),
    "waits": later("Wacht op verzending"),
    "sent": later("Verstuurd"),
    "notOnPage": later("Dit is aangekomen. Deze pagina is van daarvoor."),
    "look": later("Bekijken"),
    "choose": later("Bekijken en kiezen"),
    "onlyHere": later("Dit staat alleen op dit apparaat. Het wordt verstuurd zodra er verbinding is."),
    "nothingWaits": later("Er wacht niets op verzending."),
    "throwAway": later("Weggooien"),
    "throwAwaySure": later("Weggooien?"),
    "thenGone": later("Wat u schreef, is dan weg."),
    "perhapsSent": later("Misschien is het al aangekomen: er kwam geen antwoord. Met verbinding weet u dat zeker."),
    "nowhereElse": later("Het is nergens anders opgeslagen."),
    "yesThrowAway": later("Ja, weggooien"),
    "noKeep": later("Nee, bewaren"),
    "notSent": later("Dit kon niet verstuurd worden"),
    "caseGone": later(
        "Deze casus is er niet meer voor u, of er is iets anders mis. Wat u schreef, is er nog. "
        "Kopieer het als u het nodig hebt."
    ),
    "sendAgain": later("Opnieuw versturen"),
    "leaveOne": later("Er wacht nog 1 ding op verzending"),
    "leaveMany": later("Er wachten nog {count} dingen op verzending"),
    "leaveHow": later(
        "Logt u uit, dan blijft dat op dit apparaat staan, op slot. Het wordt pas verstuurd als u hier weer inlogt. "
        "Een ander kan het niet lezen."
    ),
    "lookFirst": later("Eerst bekijken"),
    "leave": later("Toch uitloggen"),
    "offWaits": later("Er wacht nog iets op verzending"),
    "offHow": later("Zet u dit uit, dan is wat u schreef en niet verstuurd is, voorgoed weg. Aantal: {count}."),
    "off": later("Toch uitzetten, en weggooien"),
    "formNotSent": later("Wat u invulde, is niet verstuurd"),
    "leaveOpen": later("Laat deze pagina open tot er weer verbinding is."),
    "tryAgain": later("Opnieuw proberen"),
}
"""By the name under which the script knows each."""
PLACES: dict[Language, str] = {"nl": "nl-NL", "en": "en-GB"}
"""How browsers write days in each language."""


def words_of_script() -> dict[str, dict[str, str]]:
    """All words, for each language; also how days are written in it."""
    return {
        tongue: {name: translations(tongue).ugettext(text) for name, text in WORDS.items()} | {"place": PLACES[tongue]}
        for tongue in NAMES
    }
