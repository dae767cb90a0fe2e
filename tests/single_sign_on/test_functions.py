"""Functions that follow the provider's claims: given, ended at once, and never more than the mapping says."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import select

from tests.single_sign_on.conftest import Place
from tests.single_sign_on.real_provider import RealProvider
from wijkteam.people import queries as people
from wijkteam.people import service as people_service
from wijkteam.signing_in.model import SignInMail
from wijkteam.signing_in.single_sign_on.flow import Answer
from wijkteam.signing_in.single_sign_on.model import ProviderGrant
from wijkteam.signing_in.single_sign_on.service import link_by_hand, recognise, unlink
from wijkteam.terms import clock

Account = Callable[..., str]


def held(place: Place, name: str) -> set[str]:
    """The functions that a person holds now."""
    return set(place.town.work(name).actor.functions)


def test_functions_come_and_go_with_the_claims_and_those_given_by_hand_stay(
    place: Place, real: RealProvider, account: Account
) -> None:
    sub = account("fenna", groups=["wt1-leads", "wandelclub"], realm_access={"roles": ["beheer"]})
    first, _ = place.sign_in(real, sub)
    assert held(place, "fenna") == {"best_person", "team_lead", "functional_administrator"}
    assert place.go(first, "/beheer/mensen").status_code == 200
    account("fenna", sub=sub, groups=["wt1-profs"])
    place.sign_in(real, sub)
    assert held(place, "fenna") == {"best_person"}, "what went, went at once; what was given by hand stays"
    assert place.go(first, "/beheer/mensen").status_code == 404, "also for a session that was open"
    grants = place.town.clockwork().session.scalars(select(ProviderGrant)).all()
    assert {(each.function, each.ended_at is None) for each in grants} == {
        ("team_lead", False),
        ("functional_administrator", False),
    }


def test_nobody_makes_themselves_more_than_the_mapping_says(place: Place, real: RealProvider, account: Account) -> None:
    sub = account(
        "fenna",
        groups=["functional_administrator", "privacy_officer", "beheer", "wt1-leads,privacy"],
        realm_access={"roles": "xbeheer"},
        function="functional_administrator",
        roles=["beheer"],
    )
    place.sign_in(real, sub)
    assert held(place, "fenna") == {"best_person"}


def test_a_function_that_comes_only_from_there_ends_also_when_given_by_hand(
    place: Place, real: RealProvider, account: Account
) -> None:
    assert "privacy_officer" in held(place, "pia")
    browser, answer = place.sign_in(real, account("pia"))
    assert answer.status_code == 403 and "geen functie" in answer.text and not place.is_in(browser)
    assert held(place, "pia") == set()
    again, _ = place.sign_in(real, account("pia", sub=account("pia"), groups=["privacy"]))
    assert not place.is_in(again), "another account with her address is not hers"


def test_who_lost_the_last_function_is_out_in_every_window(place: Place, real: RealProvider, account: Account) -> None:
    sub = account("nieuw", groups=["wt1-profs"])
    first, _ = place.sign_in(real, sub)
    assert place.is_in(first)
    account("nieuw", sub=sub, groups=[])
    second, answer = place.sign_in(real, sub)
    assert answer.status_code == 403 and "geen functie" in answer.text
    assert not place.is_in(first) and not place.is_in(second)
    account("nieuw", sub=sub, groups=["wt1-profs"])
    third, _ = place.sign_in(real, sub)
    assert place.is_in(third) and not place.is_in(first)


def test_periods_stay_in_the_record_and_begin_anew(place: Place) -> None:
    now = clock.now()

    def sign_in(after: int, *groups: str) -> None:
        claims = {"email": "fenna@voorbeeldstad.example", "email_verified": True, "groups": list(groups)}
        with clock.standing_at(now + timedelta(days=after)):
            recognise(place.town.clockwork(), place.own, Answer("fenna", None, claims, False, ""))

    def periods() -> list[tuple[int, int | None]]:
        session = place.town.clockwork().session
        fenna = people.person_by_email(session, "fenna@voorbeeldstad.example")
        assert fenna is not None
        found = [each for each in people.held_by(session, fenna.id) if each.function == "team_lead"]
        today = clock.local(now).date()
        return [
            ((each.valid_from - today).days, (each.valid_until - today).days if each.valid_until else None)
            for each in found
        ]

    sign_in(0, "wt1-leads")
    sign_in(1, "wt1-leads")
    assert periods() == [(0, None)]
    sign_in(3)
    assert periods() == [(0, 2)]
    sign_in(3, "wt1-leads")
    sign_in(3)
    assert periods() == [(0, 2)], "what came and went on one day leaves no period"
    sign_in(9, "wt1-leads")
    assert periods() == [(0, 2), (9, None)]


def test_an_account_can_be_tied_and_untied_by_hand(place: Place, real: RealProvider, account: Account) -> None:
    sub = account("fenna", email_verified=False, groups=["wt1-leads"])
    link_by_hand(place.town.clockwork(), real.issuer, "Fenna@voorbeeldstad.example", sub)
    mails = place.town.clockwork().session.scalars(select(SignInMail.kind)).all()
    assert mails == ["account_linked"], "the person is told by mail"
    browser, _ = place.sign_in(real, sub)
    assert place.is_in(browser) and "team_lead" in held(place, "fenna")
    for email, subject in (
        ("fenna@voorbeeldstad.example", "x"),
        ("teun@voorbeeldstad.example", sub),
        ("wie@x.example", "y"),
    ):
        try:
            link_by_hand(place.town.clockwork(), real.issuer, email, subject)
        except people_service.WrongPerson as wrong:
            assert "\n" not in str(wrong)
        else:
            raise AssertionError(email)
    unlink(place.town.clockwork(), real.issuer, "fenna@voorbeeldstad.example")
    assert not place.is_in(browser) and held(place, "fenna") == {"best_person"}
    assert place.sign_in(real, sub)[1].status_code == 403
