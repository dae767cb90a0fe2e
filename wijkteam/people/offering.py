"""What people can and want to help with: kept by themselves, found by everybody who works here."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from wijkteam.engine.fields import WrongFields
from wijkteam.engine.vocabulary import Reason
from wijkteam.people import queries
from wijkteam.people.model import Absence, HeldFunction, Person, PersonOffer
from wijkteam.storage.work import Work
from wijkteam.terms import clock
from wijkteam.terms.words import Language

LONGEST_WORDS = 2_000
LONGEST_LINE = 300
TOO_LONG = Reason("Maak dit korter.", "Please shorten this.")


@dataclass(frozen=True)
class Offer:
    """What somebody writes about themselves: own words, life domains by code, languages, how to reach them."""

    words: str = ""
    life_domains: Collection[str] = ()
    languages: str = ""
    reach: str = ""


@dataclass(frozen=True)
class Helper:
    """One person who may help: what they offer, in which functions they work, for whom, and whether they are away."""

    person: Person
    functions: tuple[str, ...]
    offer: PersonOffer | None
    is_away: bool
    away_until: date | None

    @property
    def life_domains(self) -> tuple[str, ...]:
        """Codes of the life domains in which they want to help."""
        return tuple(self.offer.life_domains.split()) if self.offer is not None else ()


def offer_of(session: Session, person_id: int) -> PersonOffer | None:
    """What somebody offers now; None while they wrote nothing."""
    return session.get(PersonOffer, person_id, populate_existing=True)


def keep_offer(work: Work, offer: Offer, known_domains: Collection[str]) -> None:
    """Write down what the acting person offers; all empty takes it away. Raises WrongFields."""
    words, languages, reach = offer.words.strip(), " ".join(offer.languages.split()), " ".join(offer.reach.split())
    mistakes = {
        name: TOO_LONG for name, text in (("languages", languages), ("reach", reach)) if len(text) > LONGEST_LINE
    }
    if len(words) > LONGEST_WORDS:
        mistakes["words"] = TOO_LONG
    if set(offer.life_domains) - set(known_domains):
        mistakes["life_domains"] = Reason("Kies uit de lijst.", "Choose from the list.")
    if mistakes:
        raise WrongFields(mistakes)
    domains = " ".join(code for code in known_domains if code in offer.life_domains)
    with work.transaction() as session:
        kept = session.get(PersonOffer, work.actor.person_id, with_for_update=True)
        if not (words or languages or reach or domains):
            if kept is not None:
                session.delete(kept)
            return
        said = {"words": words, "life_domains": domains, "languages": languages, "reach": reach}
        if kept is None:
            session.add(PersonOffer(person_id=work.actor.person_id, **said))
            return
        for name, text in said.items():
            setattr(kept, name, text)


def helpers(
    session: Session, order: Mapping[int, int] | None = None, life_domain: str = "", language: Language = "nl"
) -> list[Helper]:
    """Everyone who works here today, also for other organisations; by name, or in the order of who was found.

    `order` gives the place of each person who was found; the others are left out then.
    """
    today = clock.today()
    functions = functions_in_words(session, today, language)
    offers = {each.person_id: each for each in session.scalars(select(PersonOffer))}
    away = {
        each.person_id: each.last_day
        for each in session.scalars(select(Absence).where(Absence.first_day <= today))
        if each.last_day is None or each.last_day >= today
    }
    found = [
        Helper(person, functions[person.id], offers.get(person.id), person.id in away, away.get(person.id))
        for person in session.scalars(select(Person).where(Person.active).order_by(Person.name, Person.id))
        if person.id in functions and (order is None or person.id in order)
    ]
    chosen = [each for each in found if not life_domain or life_domain in each.life_domains]
    return chosen if order is None else sorted(chosen, key=lambda each: order[each.person.id])


def functions_in_words(session: Session, day: date, language: Language = "nl") -> dict[int, tuple[str, ...]]:
    """What each person does today, and in which team."""
    titles = queries.functions(session, language)
    teams = {team.id: team.name for team in queries.teams(session)}
    rows = session.execute(
        select(HeldFunction.person_id, HeldFunction.function, HeldFunction.team_id)
        .where(HeldFunction.valid_from <= day, HeldFunction.valid_until.is_(None) | (HeldFunction.valid_until >= day))
        .order_by(HeldFunction.id)
    )
    found: dict[int, tuple[str, ...]] = {}
    for person_id, code, team_id in rows:
        words = titles.get(code, code) + (f", {teams[team_id]}" if team_id in teams else "")
        found[person_id] = (*found.get(person_id, ()), words)
    return found
