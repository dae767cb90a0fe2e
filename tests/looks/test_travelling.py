"""What a page weighs on the way to a phone, and when it is made smaller: never where its length would tell anything."""

import pytest
from flask.testing import FlaskClient

from tests.conftest import Town
from tests.signed_in import client

SMALL = {"Accept-Encoding": "gzip, br"}


@pytest.fixture
def fenna(town: Town) -> FlaskClient:
    return client(town, "fenna")


@pytest.mark.parametrize("asked_from", ["same-origin", "none"])
def test_pages_that_nobody_elsewhere_asked_for_travel_small(fenna: FlaskClient, asked_from: str) -> None:
    answer = fenna.get("/", headers={**SMALL, "Sec-Fetch-Site": asked_from})
    assert answer.headers["Content-Encoding"] == "br"
    assert {"Accept-Encoding", "Sec-Fetch-Site"} <= set(answer.vary) or {"accept-encoding", "sec-fetch-site"} <= {
        each.lower() for each in answer.vary
    }


@pytest.mark.parametrize("asked_from", ["cross-site", "same-site", None])
def test_the_length_of_a_page_that_another_site_asked_for_tells_nothing(
    fenna: FlaskClient, asked_from: str | None
) -> None:
    said = {"Sec-Fetch-Site": asked_from} if asked_from else {}
    for path in ("/", "/zoeken?q=csrf_token"):
        assert "Content-Encoding" not in fenna.get(path, headers={**SMALL, **said}).headers
    answer = fenna.post("/signaal/nl/volgen", data={"signaalcode": "a"}, headers={**SMALL, **said})
    assert "Content-Encoding" not in answer.headers


def test_what_is_the_same_for_everybody_always_travels_small(town: Town) -> None:
    nobody = client(town, None)
    for path in ("/static/wijkteam.css", "/static/look/0123456789abcdef.css", "/static/offline/page.js"):
        answer = nobody.get(path, headers={**SMALL, "Sec-Fetch-Site": "cross-site"})
        assert answer.headers["Content-Encoding"] == "br", path


def test_a_page_that_knows_nobody_and_repeats_nothing_travels_small_wherever_its_reader_comes_from(town: Town) -> None:
    said = {**SMALL, "Sec-Fetch-Site": "cross-site"}
    assert client(town, None).get("/signaal/nl", headers=said).headers["Content-Encoding"] == "br"
    assert "Content-Encoding" not in client(town, None).get("/signaal/nl?woord=x", headers=said).headers
    with_session = client(town, None)
    with_session.get("/inloggen")
    assert "Content-Encoding" not in with_session.get("/inloggen", headers=said).headers
