"""What people are told through the API: notices, mail, their team, their tokens, and what they offer others."""

from datetime import date
from typing import Annotated, Any

from flask import abort
from pydantic import Field

from wijkteam.api_access.queries import tokens_of
from wijkteam.api_access.service import revoke_token
from wijkteam.caseload.queries import loads
from wijkteam.engine.fields import WrongFields
from wijkteam.events import queries as events
from wijkteam.messages import service
from wijkteam.messages.model import MailChoice
from wijkteam.messages.queries import mail_choice
from wijkteam.people.offering import Offer, keep_offer, offer_of
from wijkteam.web.acting import house, over_all, reading, work
from wijkteam.web.api.bodies_as_models import At, Line, Nothing, Sent, Told, Words
from wijkteam.web.api.deeds import Deed
from wijkteam.web.api.office.people import number_of
from wijkteam.web.showing import list_titles

MOST_NOTICES = 100


class Notice(Told):
    """Something that this person was told, and has not put away."""

    id: int
    about: str
    subject_kind: str
    subject_id: str
    sent_at: At


class Notices(Told):
    """The newest first."""

    items: list[Notice]


class Mail(Sent):
    """How this person wants mail."""

    choice: Annotated[str, Field(json_schema_extra={"enum": [each.value for each in MailChoice]})]


class MailTold(Told):
    """How this person has mail now."""

    choice: str


class Load(Told):
    """What one colleague has in hand. Nobody is ranked: they stand by name."""

    person_id: int
    is_away: bool
    away_until: date | None
    cases: int
    tracks: int
    signals: int
    late: int
    weight: float


class Team(Told):
    """One team, and what everybody in it has in hand."""

    team_id: int
    loads: list[Load]


class Teams(Told):
    """The teams of this person."""

    items: list[Team]


class Token(Told):
    """A token that this person made; never what it opens with."""

    id: int
    name: str
    scopes: list[str]
    made_at: At
    ends_at: At
    used_at: At | None
    revoked_at: At | None
    proved_at: At | None


class Tokens(Told):
    """The newest first."""

    items: list[Token]


class OfferSent(Sent):
    """What this person can and wants to help others with; all empty takes it away."""

    words: Words = ""
    life_domains: tuple[Line, ...] = ()
    languages: Line = ""
    reach: Line = ""


class OfferTold(Told):
    """The same as it stands."""

    words: str
    life_domains: list[str]
    languages: str
    reach: str


def _notices() -> Notices:
    found = events.unread_notices(reading(), work().actor.person_id, MOST_NOTICES)
    return Notices(items=[Notice.model_validate(each) for each in found])


def _put_away(given: Nothing) -> None:
    with work().transaction() as opened:
        events.put_away_notices(opened, work().actor.person_id)


def _mail() -> MailTold:
    return MailTold(choice=mail_choice(reading(), work().actor.person_id).value)


def _choose(given: Mail, **_made: str) -> MailTold:
    if given.choice not in [each.value for each in MailChoice]:
        raise WrongFields.of("choice", "Kies hoe u mail wilt krijgen.", "Choose how you want mail.")
    service.choose_mail(work(), MailChoice(given.choice))
    return _mail()


def _loads() -> Teams:
    me = work().actor
    if not me.team_ids:
        abort(404)
    found = loads(reading(), house().caseload, me.team_ids)
    return Teams(
        items=[Team(team_id=team, loads=[_load(each) for each in those]) for team, those in sorted(found.items())]
    )


def _load(each: Any) -> Load:
    names = ("is_away", "away_until", "cases", "tracks", "signals", "late", "weight")
    return Load(person_id=each.person.id, **{name: getattr(each, name) for name in names})


def _tokens() -> Tokens:
    names = ("id", "name", "made_at", "ends_at", "used_at", "revoked_at", "proved_at")
    return Tokens(
        items=[
            Token(scopes=each.scopes.split(), **{name: getattr(each, name) for name in names})
            for each in over_all(tokens_of, work().actor.person_id)
        ]
    )


def _revoke(token_id: str) -> None:
    if not revoke_token(work(), number_of(token_id)):
        abort(404)


def _offer() -> OfferTold:
    kept = offer_of(reading(), work().actor.person_id)
    if kept is None:
        return OfferTold(words="", life_domains=[], languages="", reach="")
    return OfferTold(
        words=kept.words, life_domains=kept.life_domains.split(), languages=kept.languages, reach=kept.reach
    )


def _keep_offer(given: OfferSent, **_made: str) -> OfferTold:
    offer = Offer(given.words, list(given.life_domains), given.languages, given.reach)
    keep_offer(work(), offer, list_titles("life_domains"))
    return _offer()


DEEDS = (
    Deed("notices", "GET", "/notices", "What I was told and have not put away", _notices, tells=Notices),
    Deed("notices_read", "POST", "/notices/read", "Put away everything that I was told", _put_away, Nothing),
    Deed("mail_choice", "GET", "/mail-choice", "How I want mail", _mail, tells=MailTold),
    Deed(
        "mail_choice_set",
        "POST",
        "/mail-choice",
        "Say how I want mail",
        _choose,
        Mail,
        MailTold,
        again=lambda **_sent: _mail(),
    ),
    Deed("team_loads", "GET", "/team-loads", "What everybody in my teams has in hand", _loads, tells=Teams),
    Deed("my_tokens", "GET", "/my-tokens", "The tokens that I made", _tokens, tells=Tokens),
    Deed("my_token_revoke", "POST", "/my-tokens/{tokenId}/revoke", "End one of my tokens at once", _revoke),
    Deed("my_offer", "GET", "/my-offer", "What I can and want to help others with", _offer, tells=OfferTold),
    Deed(
        "my_offer_set",
        "POST",
        "/my-offer",
        "Say what I can and want to help with",
        _keep_offer,
        OfferSent,
        OfferTold,
        again=lambda **_sent: _offer(),
    ),
)
