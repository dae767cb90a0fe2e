"""Why a sign-in at the provider came to nothing, each with what a person is told."""

from dataclasses import dataclass

AGAIN = "Probeer het nog een keer. Lukt het weer niet? Neem dan contact op met functioneel beheer."
ASK = "Neem contact op met functioneel beheer."


@dataclass(frozen=True)
class Why:
    """A reason: its name for the log, and the words for the screen."""

    name: str
    nl: str
    http: int = 400


AWAY = Why("provider_away", "Uw werkaccount is nu niet te bereiken. Wacht even en probeer het dan nog een keer.", 503)
CANCELLED = Why("cancelled", "U bent gestopt met inloggen. U kunt opnieuw beginnen.")
REFUSED_THERE = Why("refused_there", f"Uw werkaccount liet u niet inloggen. {AGAIN}")
UNKNOWN_ATTEMPT = Why("unknown_attempt", "Het inloggen duurde te lang, of is al gebruikt. Begin opnieuw met inloggen.")
WRONG_ISSUER = Why("wrong_issuer", f"Het antwoord kwam niet van uw eigen organisatie. {AGAIN}")
WRONG_TOKEN = Why("wrong_token", f"Het antwoord van uw werkaccount klopt niet. {AGAIN}")
TOO_WEAK = Why("too_weak", f"U logde in op een manier die hier niet veilig genoeg is. {ASK}", 403)
UNKNOWN_PERSON = Why("unknown_person", f"Uw werkaccount is hier niet bekend. {ASK}", 403)
NO_FUNCTION = Why("no_function", f"U hebt nu geen functie in wijkteam. Daarom kunt u niet inloggen. {ASK}", 403)

SOMEBODY_ELSE = Why("somebody_else", f"U bewees dat u iemand anders bent dan wie hier is ingelogd. {AGAIN}", 403)


class NotSignedIn(Exception):
    """The sign-in came to nothing; `why` says what to tell, `detail` is for the log and holds no personal data."""

    def __init__(self, why: Why, detail: str = "") -> None:
        super().__init__(f"{why.name}: {detail}" if detail else why.name)
        self.why = why
        self.detail = detail
