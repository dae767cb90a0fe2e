"""Who has to prove what: policy as data, in force in production and for who has a second factor."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.conftest import Town
from wijkteam.assembly import build_house
from wijkteam.engine.loading import WrongDefinition
from wijkteam.people.service import add_function
from wijkteam.rulebook import workflow_folders
from wijkteam.shipped import folder
from wijkteam.signing_in.changing import WrongFactor, remove_passkey, remove_totp, rename_passkey, reset_factors
from wijkteam.signing_in.held import changes, held_factors
from wijkteam.signing_in.model import Passkey, TotpSecret
from wijkteam.signing_in.policy import shipped_policy, what_is_missing
from wijkteam.signing_in.recovery import renew_codes
from wijkteam.terms import clock

PASSWORD = frozenset({"password"})


def give(town: Town, name: str, *kinds: str) -> int:
    """Somebody has these factors, made without any ceremony."""
    work = town.clockwork()
    person: int = town.work(name).actor.person_id
    with work.transaction() as session:
        for number, kind in enumerate(kinds):
            if kind == "totp":
                session.add(TotpSecret(person_id=person, sealed=b"1.x", added_at=clock.now()))
            elif kind == "codes":
                renew_codes(work, person)
            else:
                session.add(
                    Passkey(
                        person_id=person,
                        credential_id=f"{name}-{number}",
                        public_key=b"",
                        sign_count=0,
                        name=kind,
                        transports="",
                        added_at=clock.now(),
                    )
                )
    town.close()
    return person


def missing(town: Town, person: int, *factors: str, production: bool = True) -> list[str]:
    found = what_is_missing(town.clockwork().session, person, frozenset({"password", *factors}), production)
    town.close()
    return found


def test_outside_production_nothing_is_asked_of_who_set_nothing_up(town: Town) -> None:
    for name in ("fenna", "ada", "gijs"):
        assert missing(town, give(town, name), production=False) == []
    assert missing(town, give(town, "teun", "totp"), production=False) == ["totp"]
    assert missing(town, give(town, "mo", "totp"), "totp", production=False) == []


def test_in_production_everybody_needs_a_second_factor_and_sets_it_up_first(town: Town) -> None:
    for name in ("fenna", "teun", "petra", "mo", "bea", "fia", "olga", "gijs"):
        assert missing(town, give(town, name)) == ["set_up"], name
    fenna = give(town, "fenna", "totp", "codes")
    assert missing(town, fenna) == ["totp", "recovery_code"]
    for second in ("totp", "passkey", "recovery_code", "single_sign_on"):
        assert missing(town, fenna, second) == []
    assert what_is_missing(town.clockwork().session, fenna, frozenset({"passkey"}), True) == []


def test_administrator_and_privacy_officer_need_a_passkey_and_get_by_others_no_further_than_a_new_one(
    town: Town,
) -> None:
    for name in ("ada", "pia"):
        person = give(town, name)
        assert missing(town, person) == ["set_up_passkey"]
        give(town, name, "totp", "codes")
        assert missing(town, person) == ["totp", "recovery_code"]
        assert missing(town, person, "totp") == ["set_up_passkey"]
        give(town, name, "key")
        assert missing(town, person) == ["passkey", "totp", "recovery_code"]
        assert missing(town, person, "recovery_code") == ["passkey", "set_up_passkey"]
        assert missing(town, person, "single_sign_on") == ["passkey", "set_up_passkey"]
        assert missing(town, person, "passkey") == []


def test_recovery_codes_alone_are_no_factor(town: Town) -> None:
    person = give(town, "fenna", "codes")
    assert missing(town, person) == ["set_up"]
    assert missing(town, person, production=False) == []


def test_the_last_factor_that_is_needed_stays_and_the_others_can_go(town: Town) -> None:
    work, fenna, ada = town.clockwork(), give(town, "fenna", "totp", "key", "codes"), give(town, "ada", "totp", "key")
    key = held_factors(work.session, fenna).passkeys[0].id
    with pytest.raises(WrongFactor):
        remove_passkey(work, fenna, held_factors(work.session, ada).passkeys[0].id, True)
    remove_totp(work, fenna, True)
    with pytest.raises(WrongFactor, match="last factor"):
        remove_passkey(work, fenna, key, True)
    assert held_factors(work.session, fenna).codes_left == 10
    remove_passkey(work, fenna, key, False)  # outside production everything can go, and the codes go with it
    assert held_factors(work.session, fenna).codes_left == 0
    with pytest.raises(WrongFactor, match="last factor"):
        remove_passkey(work, ada, held_factors(work.session, ada).passkeys[0].id, True)
    remove_totp(work, ada, True)


def test_a_passkey_has_a_name_of_one_short_line(town: Town) -> None:
    work, fenna = town.clockwork(), give(town, "fenna", "key")
    key = held_factors(work.session, fenna).passkeys[0].id
    rename_passkey(work, fenna, key, "  mijn \n telefoon ")
    assert held_factors(work.session, fenna).passkeys[0].name == "mijn telefoon"
    for name in ("", " \t", "x" * 61, "a\x00b"):
        with pytest.raises(WrongFactor):
            rename_passkey(work, fenna, key, name)


def test_a_reset_takes_everything_is_written_down_and_is_never_of_oneself(town: Town) -> None:
    work, fenna, ada = town.clockwork(), give(town, "fenna", "totp", "key", "codes"), give(town, "ada", "key")
    reset_factors(work, fenna, ada)
    held = held_factors(work.session, fenna)
    assert not held.kinds and held.codes_left == 0
    last = changes(work.session, fenna)[0]
    assert (last.what, last.done_by, last.seen_at) == ("reset", ada, None)
    with pytest.raises(WrongFactor):
        reset_factors(work, ada, ada)
    with pytest.raises(WrongFactor):
        reset_factors(work, 10**6, ada)


def test_a_municipality_has_its_own_policy_and_mistakes_in_it_are_named(database: Engine, tmp_path: Path) -> None:
    (tmp_path / "access").mkdir()
    own = tmp_path / "access" / "signing_in.yaml"
    shipped = (folder("workflows") / "access" / "signing_in.yaml").read_text()
    own.write_text(shipped.replace("otherwise: second_factor", "otherwise: password"))
    assert build_house(database, workflow_folders(tmp_path)).sign_in_policy.needs({"payer"}) == "password"
    for wrong, right in (("bestuurder:", "bestuurdr:"), ("otherwise: second_factor", "otherwise: maybe")):
        own.write_text(shipped.replace(wrong, right))
        with pytest.raises(WrongDefinition, match=r"signing_in\.yaml:\d+"):
            build_house(database, workflow_folders(tmp_path))


def test_every_function_that_the_policy_names_exists_and_has_a_source(town: Town) -> None:
    known = town.house.lists["functions"].items
    assert set(shipped_policy().functions) <= set(known)
    assert shipped_policy().needs(set()) == "second_factor"
    add_function(town.clockwork(), "new", "Nieuw", "New")
    assert shipped_policy().needs({"new"}) == "second_factor"
    assert shipped_policy().needs({"payer", "privacy_officer"}) == "phishing_resistant"
