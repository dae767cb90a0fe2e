"""For which address passkeys are made, and taking factors away at the command line."""

import pytest
from click.testing import CliRunner

from tests.conftest import Town
from wijkteam.cli import main
from wijkteam.signing_in.held import changes, held_factors
from wijkteam.signing_in.recovery import renew_codes
from wijkteam.storage.settings import WrongSettings, read_settings
from wijkteam.web.app import create_app
from wijkteam.web.relying_party import at_localhost, here
from wijkteam.web.safety import Safety

PUBLIC = "https://wijkteam.example"


@pytest.mark.parametrize(
    ("production", "address", "opened_at", "origin"),
    [
        (True, PUBLIC, PUBLIC, PUBLIC),
        (True, PUBLIC, "http://localhost:8080", PUBLIC),
        (True, "https://Wijkteam.example:443/wijkteam", PUBLIC, PUBLIC),
        (True, "https://wijkteam.example:8443", PUBLIC, "https://wijkteam.example:8443"),
        (True, "http://wijkteam.example", "http://wijkteam.example", None),
        (True, "https://10.0.0.1", "https://10.0.0.1", None),
        (True, None, "http://localhost:8080", None),
        (False, None, "http://localhost:8080", "http://localhost:8080"),
        (False, PUBLIC, "http://localhost:8080", "http://localhost:8080"),
        (False, None, "http://127.0.0.1:8080", None),
        (False, None, "http://evil.example", None),
        (False, None, "http://localhost.evil.example", None),
    ],
)
def test_passkeys_are_made_for_the_public_address_or_for_localhost_outside_production(
    production: bool, address: str | None, opened_at: str, origin: str | None, house_of_one: Town
) -> None:
    app = create_app(house_of_one.house, "k", "Voorbeeldstad", safety=Safety(production, address=address))
    with app.test_request_context("/inloggen/passkey", base_url=opened_at):
        place = here()
        assert (place.origin if place else None) == origin
        assert (at_localhost() is not None) is (opened_at == "http://127.0.0.1:8080")


def test_the_public_address_is_set_without_mail_and_a_wrong_one_is_one_clear_line() -> None:
    assert read_settings({"WIJKTEAM_ADDRESS": PUBLIC + "/"}).address == PUBLIC
    assert read_settings({}).address is None
    for wrong in ("wijkteam.example", "ftp://x", "https://", "https://x y"):
        with pytest.raises(WrongSettings, match=r"^WIJKTEAM_ADDRESS: .*https://wijkteam\.gemeente\.example"):
            read_settings({"WIJKTEAM_ADDRESS": wrong})


def test_factors_are_taken_away_at_the_command_line(town: Town, database_url: str) -> None:
    work, person = town.clockwork(), town.work("fenna").actor.person_id
    renew_codes(work, person)
    town.close()
    run = CliRunner(env={"WIJKTEAM_DATABASE_URL": database_url})
    done = run.invoke(main, ["user", "reset-factors", "Fenna@voorbeeldstad.example"])
    assert done.exit_code == 0 and "Fenna Fictief has no second factors any more" in done.output
    session = town.clockwork().session
    assert held_factors(session, person).codes_left == 0
    assert (changes(session, person)[0].what, changes(session, person)[0].done_by) == ("reset", None)
    unknown = run.invoke(main, ["user", "reset-factors", "nobody@voorbeeldstad.example"])
    assert unknown.exit_code == 2 and "no person with the address" in unknown.output
