"""What programs change: any step of any subject, once each where they number what they send."""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

from flask import Response, abort, request
from werkzeug.exceptions import BadRequest, NotFound

from wijkteam.appointments.service import NextStep, end_appointment, move_appointment
from wijkteam.engine.definition import FieldType, Transition, Workflow
from wijkteam.engine.running import Stale
from wijkteam.offline.service import AlreadySent, OtherContents, Sending, came_in_before, contents_digest, do_once
from wijkteam.storage.subject import ALPHABET, ID_LENGTH, new_id
from wijkteam.web.acting import house, work
from wijkteam.web.api.bodies import Asked, read_body
from wijkteam.web.api.kinds import Kind
from wijkteam.web.api.problems import Problem
from wijkteam.web.api.proving import prove
from wijkteam.web.api.shapes import told
from wijkteam.web.api.special_steps import SPECIAL
from wijkteam.web.api.subjects import answer, find, happened
from wijkteam.web.appointments import ENDS, NEXT_STEP
from wijkteam.web.language import _
from wijkteam.web.once import NUMBER, UUID, digest_secret

MOVES = ENDS | {"move"}
"""Steps of an appointment that move its case along too, and so have services of their own."""
REPLAYED = "Idempotency-Replayed"


def number() -> str | None:
    """The number that the program gave to what it sends; 400 when it is no UUID."""
    found = request.headers.get(NUMBER)
    if found is not None and not UUID.fullmatch(found.lower()):
        raise BadRequest
    return found.lower() if found is not None else None


def once(given: Mapping[str, Any], deed: Callable[[], Any]) -> bool:
    """Do it; returns whether it had been done before under the same number, and so was not done now."""
    sending = _sending(given)
    if sending is None:
        deed()
        return False
    try:
        do_once(work(), sending, deed)
    except AlreadySent:
        return True
    except OtherContents:
        raise _taken() from None
    return False


def done_before(given: Mapping[str, Any]) -> bool:
    """Whether it was done before under the same number, to know before something is done that takes long."""
    sending = _sending(given)
    try:
        return sending is not None and came_in_before(work(), sending)
    except OtherContents:
        raise _taken() from None


def _sending(given: Mapping[str, Any]) -> Sending | None:
    known = number()
    if known is None:
        return None
    fields = {name: str(found) for name, found in given.items()}
    return Sending(known, contents_digest(digest_secret(), request.path, fields))


def _taken() -> Problem:
    return Problem(422, _("Dit nummer is al gebruikt voor iets anders."))


def made_id() -> str:
    """The id of what is made: of a numbered request always the same, so that a second one finds what the first made."""
    known = number()
    if known is None:
        return new_id()
    drawn = hashlib.sha256(f"{work().actor.person_id} {known}".encode()).digest()
    return "".join(ALPHABET[each % len(ALPHABET)] for each in drawn[:ID_LENGTH])


def step_fields(kind: Kind, workflow: Workflow, transition: Transition) -> Asked:
    """What a step asks, by name."""
    asked = {ask.field: workflow.fields[ask.field].type for ask in transition.questions}
    return {**asked, **extra_fields(kind, transition)}


def extra_fields(kind: Kind, transition: Transition) -> Mapping[str, FieldType]:
    """What can be said with a step besides what its definition asks."""
    if kind.collection == "appointments" and transition.name in ENDS:
        return dict(zip(NEXT_STEP, (FieldType.LINE, FieldType.FUTURE_DATE), strict=True))
    return SPECIAL[kind.name, transition.name].more if (kind.name, transition.name) in SPECIAL else {}


def can_be_taken(kind: Kind, transition: Transition) -> bool:
    """Whether programs can take this step at all, whoever they act for."""
    if kind.collection == "appointments" and transition.name not in MOVES:
        return False
    return transition.is_for_people and transition.name not in kind.without


def version_seen() -> int:
    """The version that the program acts on; 428 when it says none."""
    seen = request.if_match
    if seen.star_tag or not seen.as_set(include_weak=True):
        raise Problem(428, _("Zeg in If-Match op welke versie u dit doet. Die staat in de ETag."))
    tags = [tag or "" for tag in seen.as_set()]
    digits = len(tags) == 1 and tags[0].isascii() and tags[0].isdigit()
    return int(tags[0][:9]) if digits else -1


def _what_happened(kind: Kind, subject_id: str, since: int) -> Problem:
    row, _case = find(kind, subject_id)
    events = [told(each, False) for each in happened(kind, row) if each.sequence > since >= 0]
    line = _("Iemand anders heeft dit intussen veranderd. Kijk wat er gebeurd is, en probeer het dan opnieuw.")
    return Problem(412, line, {"ETag": f'"{row.version}"'}, version=row.version, meanwhile=events)


def step(kind: Kind, subject_id: str, transition: str) -> Response:
    """Take one step of a subject, on the version that the program has seen."""
    row, _case = find(kind, subject_id, to_work=True)
    workflow = house().engine.workflow(kind.name, row.workflow_version)
    taken = workflow.transition(transition)
    if taken is None or not can_be_taken(kind, taken):
        abort(404)
    if kind.great:
        prove()
    seen = version_seen()
    given = read_body(step_fields(kind, workflow, taken))
    try:
        replayed = once(given, lambda: _take(kind, subject_id, transition, dict(given), seen))
    except Stale:
        raise _what_happened(kind, subject_id, seen) from None
    return after(kind, subject_id, 200, replayed)


def _take(kind: Kind, subject_id: str, transition: str, given: dict[str, Any], seen: int) -> Any:
    if (kind.name, transition) in SPECIAL:
        return SPECIAL[kind.name, transition].take(subject_id, given, seen)
    if kind.collection != "appointments":
        return work().act_on(kind.model, subject_id, transition, given, seen)
    if transition not in ENDS:
        return move_appointment(work(), subject_id, given, seen)
    following = NextStep(*(given.pop(name, "") for name in NEXT_STEP))
    return end_appointment(work(), subject_id, transition, given, following, seen)


def after(kind: Kind, subject_id: str, status: int, replayed: bool) -> Response:
    """The subject as it stands now; nothing (204) to who may not read it any more."""
    try:
        made = answer(kind, *find(kind, subject_id), status)
    except NotFound:
        made = Response(status=204)
    if replayed:
        made.headers[REPLAYED] = "true"
    return made
