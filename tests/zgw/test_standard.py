"""The stand-in refuses what the standard refuses, answers as the standard says, and its files are OpenAPI."""

import re
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
import requests
import yaml
from joserfc import jwt
from joserfc.jwk import OctKey
from openapi_spec_validator import validate

from tests.zgw.stand_in import CLIENT, SECRET, StandIn, stand_in
from tests.zgw.standard_of import FOLDER, SERVED, api
from wijkteam.terms import clock
from wijkteam.zgw.mapping import ZgwMapping
from wijkteam.zgw.talking import _codes

MANUAL = Path(__file__).parents[2] / "docs" / "zgw.md"
ZAAK: dict[str, Any] = {
    "bronorganisatie": "517439943",
    "verantwoordelijkeOrganisatie": "517439943",
    "zaaktype": "https://catalogus.example/zaaktypen/1",
    "startdatum": "2026-03-02",
}
WRONG: list[tuple[dict[str, Any], str]] = [
    ({"identificatie": "x" * 41}, "identificatie"),
    ({"startdatum": "2 maart"}, "startdatum"),
    ({"zaaktype": None}, "zaaktype"),
    ({"vertrouwelijkheidaanduiding": "strikt_geheim"}, "vertrouwelijkheidaanduiding"),
    ({"einddatum": "2026-03-02"}, "einddatum"),
    ({"opschorting": {"indicatie": True}}, "opschorting"),
]
HEADERS = {"Accept-Crs": "EPSG:4326", "Content-Crs": "EPSG:4326"}


@pytest.mark.parametrize("name", [*SERVED, "ontvanger"])
def test_what_is_written_down_of_the_standard_is_openapi(name: str) -> None:
    validate(yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8")))


def test_every_resource_that_is_asked_stands_in_the_standard() -> None:
    said = "\n".join(each.read_text(encoding="utf-8") for each in Path("wijkteam/zgw").glob("*.py"))
    asked = set(re.findall(r'(?:find|add)\(\s*[\w.]+, "(\w+)"', said))
    known = {path.split("/")[1] for name in SERVED for path in api(name).document["paths"]}
    assert {"zaken", "statussen", "besluiten"} <= asked <= known


@pytest.fixture
def system() -> Any:
    with stand_in() as found:
        yield found


def ask(system: StandIn, method: str, path: str, body: Any = None, **other: Any) -> requests.Response:
    claims = {"iss": CLIENT, "iat": int(clock.now().timestamp()), "client_id": CLIENT}
    claims |= {"user_id": "x", "user_representation": "x"}
    token = jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(SECRET))
    headers = {"Authorization": f"Bearer {token}", **HEADERS, **other}
    return requests.request(method, system.root + path, json=body, headers=headers, timeout=10)


def test_what_the_standard_refuses_is_refused_with_the_field_and_in_its_form(system: StandIn) -> None:
    good = ask(system, "POST", "/zaken/api/v1/zaken", ZAAK)
    assert good.status_code == 201 and good.headers["Location"] == good.json()["url"]
    for other, field in WRONG:
        answer = ask(system, "POST", "/zaken/api/v1/zaken", {**ZAAK, **other})
        assert answer.status_code == 400, field
        assert [each["name"].split(".")[0] for each in answer.json()["invalidParams"]] == [field], answer.json()
    for name, status in (("Accept-Crs", 412), ("Content-Crs", 412), ("Content-Type", 415)):
        assert ask(system, "POST", "/zaken/api/v1/zaken", ZAAK, **{name: "anders"}).status_code == status
    assert ask(system, "GET", "/zaken/api/v1/zaken?naam=x").status_code == 400
    assert ask(system, "GET", "/zaken/api/v1/zaken?page=een").status_code == 400
    assert ask(system, "PUT", "/zaken/api/v1/zaken").status_code == 405
    assert ask(system, "GET", "/zaken/api/v1/zaken", Authorization="Bearer x").status_code == 403
    role = {"zaak": good.json()["url"], "roltype": "https://catalogus.example/roltypen/1", "roltoelichting": ""}
    team = {**role, "betrokkeneType": "organisatorische_eenheid", "betrokkeneIdentificatie": {"naam": "x" * 51}}
    assert ask(system, "POST", "/zaken/api/v1/rollen", team).status_code == 400
    person = {**team, "betrokkeneType": "medewerker", "betrokkeneIdentificatie": {"achternaam": "x" * 51}}
    assert ask(system, "POST", "/zaken/api/v1/rollen", person).status_code == 201
    assert system.broken == []


def test_a_besluit_is_changed_with_all_that_it_must_have(system: StandIn) -> None:
    besluit = {
        "verantwoordelijkeOrganisatie": "517439943",
        "besluittype": "https://catalogus.example/besluittypen/1",
        "datum": "2026-03-02",
        "ingangsdatum": "2026-03-02",
    }
    path = ask(system, "POST", "/besluiten/api/v1/besluiten", besluit).json()["url"].removeprefix(system.root)
    ended = {"vervaldatum": "2026-04-01", "vervalreden": "ingetrokken_overheid"}
    assert ask(system, "PATCH", path, ended).status_code == 400, "the published file asks all of it"
    assert ask(system, "PATCH", path, {**besluit, **ended, "vervalreden": "zomaar"}).status_code == 400
    assert ask(system, "PATCH", path, {**besluit, **ended}).json()["vervalreden"] == "ingetrokken_overheid"
    assert system.broken == []


def test_the_codes_of_a_refusal_are_read_in_both_ways_in_which_the_standard_writes_them() -> None:
    for name in ("invalidParams", "invalid-params"):
        said = b'{"%s": [{"name": "zaaktype", "code": "no-match", "reason": "Mevrouw X"}]}' % name.encode()
        assert _codes(said) == " (zaaktype no-match)"
    assert _codes(b"[1]") == _codes(b"nee") == ""


def test_the_mapping_in_the_manual_is_one_that_can_be_used() -> None:
    shown = MANUAL.read_text(encoding="utf-8").split("    zgw: 1\n")[1].split("\n\n`explanation`")[0]
    found = yaml.safe_load(dedent("    zgw: 1\n" + shown).replace("…", "x"))
    mapping = ZgwMapping.model_validate(found)
    assert mapping.case is not None and mapping.case.documents and mapping.notifications is not None
