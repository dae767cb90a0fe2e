"""Taking out of a sentence what tells who it is about, as far as a program can see that; a person confirms the rest."""

import re
from collections.abc import Collection

from sqlalchemy.orm import Session

from wijkteam.cases import queries as cases
from wijkteam.network.queries import all_helpers_of
from wijkteam.people import queries as people
from wijkteam.residents.queries import all_residents_of

NAME, ADDRESS, NUMBER, MAIL = "[naam]", "[adres]", "[getal]", "[mail]"
SHORTEST = 3
"""Letters that a word has at least to be taken for a name: shorter ones are van, de, 't."""
_NO_NAMES = """
aan broer den der dhr dochter een familie gezin heer het huis huishouden hun kind kinderen man meneer mevr mevrouw
moeder nee oma oom opa ouders samen tante van vader voor vrouw wij zij zijn zoon zus
"""
NO_NAMES = frozenset(_NO_NAMES.split())
"""Words beside names in how households are called."""
STREET = (
    r"[A-ZÀ-Þ][\w'’-]*(?:straat|laan|weg|plein|kade|dijk|hof|gracht|singel|steeg|pad|park|markt|dreef|plantsoen|ring)"
)
PATTERNS = (
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), MAIL),
    (re.compile(rf"\b{STREET}\b(?:\s+\d+\s?[a-zA-Z]?\b)?"), ADDRESS),
    (re.compile(r"\b[1-9]\d{3}\s?[A-Z]{2}\b"), ADDRESS),
    (re.compile(r"\b\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}\b"), NUMBER),
    (re.compile(r"\+?\d(?:[\s.-]?\d){3,}"), NUMBER),
)
WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


def known_names(session: Session, case_id: str) -> frozenset[str]:
    """Every word that is part of a name in a case: of the household, residents, helpers, and of who works here."""
    case = cases.find_case(session, case_id)
    if case is None:
        return frozenset()
    home = case.household_id
    told = [cases.household(session, home).who_or_where]
    told += [each.name or "" for each in all_residents_of(session, home)]
    told += [text or "" for each in all_helpers_of(session, home) for text in (each.name, each.organisation)]
    told += [each.name for each in people.everyone(session)]
    words = {word.casefold() for text in told for word in WORD.findall(text)}
    return frozenset(word for word in words if len(word) >= SHORTEST and word not in NO_NAMES)


def without_names(text: str, names: Collection[str]) -> str:
    """The sentence with names, addresses, numbers and mail addresses replaced by what kind of thing stood there.

    Of a name only words with a capital count, so that "de winter" stays where somebody is called De Winter.
    """
    for pattern, instead in PATTERNS:
        text = pattern.sub(instead, text)

    def shown(found: re.Match[str]) -> str:
        word = found.group()
        return NAME if word[0].isupper() and word.casefold() in names else word

    text = WORD.sub(shown, text)
    return re.sub(rf"{re.escape(NAME)}(?:\s+(?:van|de|den|der|ten|ter|'t)\b)*(?:\s+{re.escape(NAME)})+", NAME, text)
