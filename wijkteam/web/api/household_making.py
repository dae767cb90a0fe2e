"""What programs add around a household: people and their ties, what was measured, said, kept, shared, objected."""

from typing import Any

from wijkteam.access.sharing import NewShare, share_case
from wijkteam.case_files.service import NewCaseFile, add_case_file
from wijkteam.engine.definition import FieldType
from wijkteam.engine.fields import WrongFields
from wijkteam.measuring.service import NewMeasurement, take_measurement
from wijkteam.network.service import OUTSIDE, NewHelper, NewRelation, add_helper, relate
from wijkteam.plans.service import NewConsent, record_consent
from wijkteam.quotes.service import NewQuote, write_quote
from wijkteam.residents.service import NewResident, record_resident
from wijkteam.retention.correcting import NewCorrection, ask_correction
from wijkteam.web.acting import house, safety, work
from wijkteam.web.api.bodies import LEVELS, NUMBER
from wijkteam.web.api.files import CONTENT, content_of
from wijkteam.web.api.kinds import BY_NAME
from wijkteam.web.api.making import Given, Making
from wijkteam.web.corrections import readable_case
from wijkteam.web.objections import register

LINE = FieldType.LINE


def _resident(case: Any, given: Given, made: str) -> Any:
    return record_resident(work(), NewResident(case.household_id, **{"name": "", **given}), made)


def _helper(case: Any, given: Given, made: str) -> Any:
    asked = dict.fromkeys(("name", "kind", "does_what"), "")
    return add_helper(work(), NewHelper(case.household_id, **{**asked, **given}), made)


def _relation(case: Any, given: Given, made: str) -> Any:
    resident, helper = given.get("to_resident_id"), given.get("to_helper_id")
    if (resident is None) == (helper is None):
        raise WrongFields.of(
            "to_resident_id", "Noem één ander: bewoner of helper.", "Name one other: resident or helper."
        )
    other = resident or f"{OUTSIDE}{helper}"
    kind, since = given.get("relation_kind", ""), given.get("since")
    return relate(work(), NewRelation(case.household_id, given.get("resident_id", ""), kind, other, since), made)


def _consent(case: Any, given: Given, made: str) -> Any:
    asked = dict.fromkeys(("covers", "who", "answer", "how", "on_day"), "")
    return record_consent(work(), NewConsent(case_id=case.id, team_id=case.team_id, **{**asked, **given}), made)


def _measurement(case: Any, given: Given, made: str) -> Any:
    asked = {"instrument": "", "taken_on": "", **given}
    return take_measurement(work(), house().instruments, NewMeasurement(case.id, case.team_id, **asked), made)


def _quote(case: Any, given: Given, made: str) -> Any:
    new = NewQuote(case.id, given.get("said_by", ""), given.get("words", ""), given.get("barrier"))
    return write_quote(work(), new, made)


def _document(case: Any, given: Given, made: str) -> Any:
    said = given.get("name", ""), given.get("media_type", "")
    new = NewCaseFile(case.id, *said, content_of(given), given.get("why", ""))
    return add_case_file(work(), new, made, largest=safety().largest_file)


def _share(case: Any, given: Given, made: str) -> Any:
    asked = {ask.field: "" for ask in house().engine.workflow("guest_access").opening.questions if ask.required}
    return share_case(work(), NewShare(case.id, **{**asked, **given}), made)


def _correction(found: Any, given: Given, made: str) -> Any:
    said = given.get("about_event", ""), given.get("what_is_wrong", ""), given.get("statement")
    return ask_correction(work(), NewCorrection(found.case.id, *said), made)


def _objection(_case: None, given: Given, made: str) -> Any:
    return register(given, made)


HOUSEHOLD_MAKINGS = (
    Making(BY_NAME["resident"], _resident, for_workers=True),
    Making(BY_NAME["helper"], _helper, for_workers=True),
    Making(
        BY_NAME["relation"],
        _relation,
        more=dict.fromkeys(("resident_id", "to_resident_id", "to_helper_id"), LINE),
        must=frozenset({"resident_id"}),
        for_workers=True,
    ),
    Making(BY_NAME["plan_consent"], _consent),
    Making(
        BY_NAME["measurement"],
        _measurement,
        more={"instrument": LINE, "scores": LEVELS, "resident_id": LINE, "replaces": LINE},
        must=frozenset({"instrument", "scores"}),
        never=frozenset({"scores"}),
    ),
    Making(BY_NAME["quote"], _quote, for_workers=True),
    Making(
        BY_NAME["case_file"],
        _document,
        more={"name": LINE, "media_type": LINE, "content": CONTENT},
        must=frozenset({"name", "content"}),
        never=frozenset({"file_name", "digest"}),
        for_workers=True,
    ),
    Making(BY_NAME["guest_access"], _share),
    Making(
        BY_NAME["correction"],
        _correction,
        more={"about_event": NUMBER},
        must=frozenset({"about_event"}),
        case_of=readable_case,
    ),
    Making(BY_NAME["objection"], _objection, False, {"reference": LINE}, frozenset({"reference"})),
)
