"""Why a sign-in at the provider came to nothing, each with what a person is told."""

from dataclasses import dataclass

AGAIN = "Probeer het nog een keer. Lukt het weer niet? Neem dan contact op met functioneel beheer."
TRY_AGAIN = "Please try again. If it fails again, contact the functional administrator."
ASK = "Neem contact op met functioneel beheer."
CONTACT = "Contact the functional administrator."


@dataclass(frozen=True)
class Why:
    """A reason: its name for the log, and the words for the screen in both languages."""

    name: str
    nl: str
    en: str
    http: int = 400


AWAY = Why(
    "provider_away",
    "Uw werkaccount is nu niet te bereiken. Wacht even en probeer het dan nog een keer.",
    "Your work account cannot be reached now. Wait a moment and then try again.",
    503,
)
CANCELLED = Why(
    "cancelled",
    "U bent gestopt met inloggen. U kunt opnieuw beginnen.",
    "You stopped signing in. You can start again.",
)
REFUSED_THERE = Why(
    "refused_there",
    f"Uw werkaccount liet u niet inloggen. {AGAIN}",
    f"Your work account did not let you sign in. {TRY_AGAIN}",
)
UNKNOWN_ATTEMPT = Why(
    "unknown_attempt",
    "Het inloggen duurde te lang, of is al gebruikt. Begin opnieuw met inloggen.",
    "Signing in took too long, or was used already. Start signing in again.",
)
WRONG_ISSUER = Why(
    "wrong_issuer",
    f"Het antwoord kwam niet van uw eigen organisatie. {AGAIN}",
    f"The answer did not come from your own organisation. {TRY_AGAIN}",
)
WRONG_TOKEN = Why(
    "wrong_token",
    f"Het antwoord van uw werkaccount klopt niet. {AGAIN}",
    f"The answer of your work account is not right. {TRY_AGAIN}",
)
TOO_WEAK = Why(
    "too_weak",
    f"U logde in op een manier die hier niet veilig genoeg is. {ASK}",
    f"You signed in in a way that is not safe enough here. {CONTACT}",
    403,
)
UNKNOWN_PERSON = Why(
    "unknown_person",
    f"Uw werkaccount is hier niet bekend. {ASK}",
    f"Your work account is not known here. {CONTACT}",
    403,
)
NO_FUNCTION = Why(
    "no_function",
    f"U hebt nu geen functie in wijkteam. Daarom kunt u niet inloggen. {ASK}",
    f"You hold no function in wijkteam now. That is why you cannot sign in. {CONTACT}",
    403,
)

SOMEBODY_ELSE = Why(
    "somebody_else",
    f"U bewees dat u iemand anders bent dan wie hier is ingelogd. {AGAIN}",
    f"You proved to be somebody else than who is signed in here. {TRY_AGAIN}",
    403,
)


class NotSignedIn(Exception):
    """The sign-in came to nothing; `why` says what to tell, `detail` is for the log and holds no personal data."""

    def __init__(self, why: Why, detail: str = "") -> None:
        super().__init__(f"{why.name}: {detail}" if detail else why.name)
        self.why = why
        self.detail = detail
