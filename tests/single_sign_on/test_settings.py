"""Settings of single sign-on: what may be said, and one clear line about what may not."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.conftest import Town
from wijkteam.cli import main
from wijkteam.engine.loading import WrongDefinition
from wijkteam.signing_in.single_sign_on.functions import check_mapping
from wijkteam.signing_in.single_sign_on.mapping import ClaimsFile, Mapped, given_by
from wijkteam.signing_in.single_sign_on.settings import SingleSignOn, WaysIn, read_ways_in
from wijkteam.storage.settings import WrongSettings

GOOD = {
    "WIJKTEAM_OIDC_ISSUER": "https://aanmelden.gemeente.example/realms/a",
    "WIJKTEAM_OIDC_CLIENT_ID": "wijkteam",
    "WIJKTEAM_OIDC_CLIENT_SECRET": "geheim",
    "WIJKTEAM_ADDRESS": "https://wijkteam.gemeente.example/",
}


def read(**changed: str) -> WaysIn:
    return read_ways_in({**GOOD, **{f"WIJKTEAM_{name}": value for name, value in changed.items()}})


def test_without_a_provider_people_come_in_with_a_password_and_nothing_else_is_needed() -> None:
    assert read_ways_in({}) == WaysIn(None, True)


def test_what_is_given_is_used_and_the_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("geheim\n")
    found = read(
        OIDC_CLIENT_SECRET="",
        OIDC_CLIENT_SECRET_FILE=str(tmp_path / "secret"),
        OIDC_ACR="loa3 loa4",
        OIDC_AMR="mfa fido",
        PASSWORDS="off",
    )
    own = found.single_sign_on
    assert own is not None and not found.passwords
    assert (own.client_secret, own.address) == ("geheim", "https://wijkteam.gemeente.example")
    assert own.acr == ("loa3", "loa4") and own.amr == {"mfa", "fido"} and "geheim" not in repr(found)
    assert read(OIDC_ISSUER="http://127.0.0.1:3000", ADDRESS="http://localhost:8080").single_sign_on


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("OIDC_ISSUER", "", "means nothing without WIJKTEAM_OIDC_ISSUER"),
        ("OIDC_ISSUER", "http://aanmelden.example", "write an https address"),
        ("OIDC_ISSUER", "aanmelden.example", "write an https address"),
        ("OIDC_ISSUER", "https://[::1", "write an https address"),
        ("OIDC_ISSUER", "https://user:geheim@x.example", "write an https address"),
        ("OIDC_ISSUER", "https://x.example/ b", "write an https address"),
        ("OIDC_CLIENT_ID", "", "WIJKTEAM_OIDC_CLIENT_ID: single sign-on needs it"),
        ("OIDC_CLIENT_SECRET", "", "WIJKTEAM_OIDC_CLIENT_SECRET: single sign-on needs it"),
        ("OIDC_CLIENT_SECRET_FILE", "/nowhere", "not both"),
        ("OIDC_CLAIMS", "/nowhere.yaml", "there is no file"),
        ("ADDRESS", "", "WIJKTEAM_ADDRESS: single sign-on needs"),
        ("ADDRESS", "http://wijkteam.example", "WIJKTEAM_ADDRESS: single sign-on needs"),
        ("ADDRESS", "https://wijkteam.example/?a", "WIJKTEAM_ADDRESS: single sign-on needs"),
        ("PASSWORDS", "nee", "write on or off"),
    ],
)
def test_a_wrong_value_is_named_in_one_line_without_the_secret(name: str, value: str, said: str) -> None:
    with pytest.raises(WrongSettings, match=said) as found:
        read(**{name: value})
    assert "\n" not in str(found.value) and "geheim" not in str(found.value).replace(value or "\0", "")


def test_an_unreadable_secret_and_passwords_off_without_a_provider_are_named_too(tmp_path: Path) -> None:
    with pytest.raises(WrongSettings, match="cannot be read, or is empty"):
        read(OIDC_CLIENT_SECRET="", OIDC_CLIENT_SECRET_FILE=str(tmp_path / "none"))
    with pytest.raises(WrongSettings, match="leaves no way in"):
        read_ways_in({"WIJKTEAM_PASSWORDS": "off"})


def test_the_mapping_is_read_with_every_mistake_named_by_its_line(tmp_path: Path) -> None:
    path = tmp_path / "claims.yaml"
    path.write_text(
        "single_sign_on: a\ncreate: true\nmappings:\n"
        "  - {claim: groups, value: g, function: team_lead, team: Wijkteam 1}\n"
    )
    own = read(OIDC_CLAIMS=str(path)).single_sign_on
    assert own is not None and own.claims.create and own.claims.mappings[0].team == "Wijkteam 1"
    path.write_text("single_sign_on: a\nmappings:\n  - {claim: groups, value: g, functie: team_lead}\n  - {value: 7}\n")
    with pytest.raises(WrongDefinition) as found:
        read(OIDC_CLAIMS=str(path))
    assert "functie" in str(found.value) and "claim" in str(found.value)


def test_a_mapping_to_what_is_not_there_is_refused_before_anything_is_served(town: Town) -> None:
    def check(**row: str) -> None:
        file = ClaimsFile.model_validate({"single_sign_on": "a", "mappings": [{"claim": "g", "value": "v", **row}]})
        check_mapping(town.clockwork(), SingleSignOn("https://x.example", "a", "b", "https://w.example", file))

    check(function="team_lead", team="Wijkteam 1")
    with pytest.raises(WrongSettings, match="a function that is not: 'burgemeester'"):
        check(function="burgemeester")
    with pytest.raises(WrongSettings, match="in no team: 'Wijkteam 99'"):
        check(function="team_lead", team="Wijkteam 99")


def test_only_whole_values_of_a_claim_count() -> None:
    file = ClaimsFile.model_validate(
        {
            "single_sign_on": "a",
            "mappings": [
                {"claim": "groups", "value": "leads", "function": "team_lead"},
                {"claim": "a.b", "value": "x", "function": "manager"},
                {"claim": "https://x.example/roles", "value": "y", "function": "payer"},
            ],
        }
    )
    lead, manager, payer = Mapped("team_lead", None), Mapped("manager", None), Mapped("payer", None)
    for claims, expected in (
        ({}, set()),
        ({"groups": ["leads", "x"]}, {lead}),
        ({"groups": "leads"}, {lead}),
        ({"groups": "leads x"}, set()),
        ({"groups": ["Leads", 7, None, ["leads"]]}, set()),
        ({"groups": {"leads": True}}, set()),
        ({"a": {"b": ["x"]}, "https://x.example/roles": ["y"]}, {manager, payer}),
        ({"a": "b", "a.b": "x"}, {manager}),
    ):
        assert given_by(claims, file) == expected, claims


def test_chores_answer_in_one_line(
    database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, town: Town
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WIJKTEAM_DATABASE_URL", database_url)

    def run(*arguments: str) -> tuple[int, str]:
        done = CliRunner().invoke(main, ["user", *arguments], catch_exceptions=False)
        return done.exit_code, done.output.strip()

    assert run("link", "fenna@voorbeeldstad.example", "s-1") == (
        2,
        "WIJKTEAM_OIDC_ISSUER: there is no provider to sign in with",
    )
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)
    assert run("link", "fenna@voorbeeldstad.example", "s-1") == (
        0,
        "fenna@voorbeeldstad.example can sign in with that account",
    )
    code, said = run("link", "teun@voorbeeldstad.example", "s-1")
    assert code == 2 and "is tied already" in said and "\n" not in said
    assert run("unlink", "fenna@voorbeeldstad.example")[0] == 0
    code, said = run("unlink", "fenna@voorbeeldstad.example")
    assert code == 2 and "no account of the provider is tied" in said
