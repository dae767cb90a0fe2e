"""How long requests are kept, and what they keep: they have a term of their own, and hold back what is asked about."""

import io
import json
import zipfile
from datetime import timedelta

from tests.conftest import Town
from tests.data_requests.asking import answered, asked, told
from tests.retention.dossier import DUE, OPENED, drawn_up, everything_in, full_case, signed
from tests.signed_in import client
from wijkteam.events.verification import verify
from wijkteam.retention.proving import wrong_destructions
from wijkteam.retention.queries import items_of
from wijkteam.retention.service import carry_out
from wijkteam.terms import clock


def listed(town: Town) -> set[str]:
    made = drawn_up(town)
    found = {each.subject_id for each in items_of(town.clockwork().session, made.id)}
    town.close()
    return found


def test_what_somebody_asked_to_see_is_not_destroyed_before_they_got_their_answer(town: Town) -> None:
    case = full_case(town)
    with clock.standing_at(DUE - timedelta(days=5)):
        request = asked(town, household_id=case.household_id)
    assert case.id not in listed(town)
    with clock.standing_at(DUE - timedelta(days=4)):
        answered(town, request)
        told(town, request)
    assert case.id in listed(town)


def test_a_request_to_erase_does_not_itself_keep_what_is_over_its_term(town: Town) -> None:
    case = full_case(town)
    with clock.standing_at(DUE - timedelta(days=5)):
        asked(town, "erasure", household_id=case.household_id)
    assert case.id in listed(town)


def test_after_its_own_term_nothing_readable_stays_of_a_request_or_its_letter(town: Town) -> None:
    with clock.standing_at(DUE - timedelta(days=6 * 366)):
        request, running = asked(town), asked(town)
        answered(town, request, answer="Merelantwoord")
        told(town, request)
        client(town, "pia").get(f"/avg-verzoeken/{request.id}/brief")
    town.close()
    made = signed(town)
    assert [each.subject_id for each in items_of(town.clockwork().session, made)] == [request.id]
    with clock.standing_at(DUE):
        carry_out(town.work("ada"), town.house.retention, made)
    town.close()
    left = everything_in(town.house.database)
    assert "Merelantwoord" not in left and "%PDF" not in left
    assert left.count("Merelnaam") == 1, "the one that runs; its event is sealed"
    session = town.clockwork().session
    assert verify(session) == [] and wrong_destructions(session) == []
    assert running.id != request.id


def test_the_whole_file_tells_what_the_resident_asked_before(town: Town) -> None:
    case = full_case(town)
    with clock.standing_at(OPENED):
        asked(town, household_id=case.household_id)
        packed = zipfile.ZipFile(io.BytesIO(client(town, "pia").post(f"/casus/{case.id}/inzage").data))
    (told_of,) = json.loads(packed.read("gegevens.json"))["requests"]
    assert told_of["kind"] == "data_request" and "Merelwoord" in json.dumps(told_of)
