"""Signing in with more than a password: the second step, and a passkey alone."""

from collections.abc import Callable, Mapping

from flask import Blueprint, Response, abort, current_app, redirect, render_template, request, session, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from wijkteam.engine.running import Stale
from wijkteam.people.staff import find_person
from wijkteam.signing_in import attempts
from wijkteam.signing_in.attempts import TooManyAttempts, begin_attempt
from wijkteam.signing_in.held import held_factors
from wijkteam.signing_in.passkeys import PasskeyRefused, Question, ask_to_prove, prove_passkey
from wijkteam.signing_in.policy import SET_UP, SET_UP_PASSKEY
from wijkteam.signing_in.recovery import use_code
from wijkteam.signing_in.sealing import Box
from wijkteam.signing_in.sessions import KnownSession
from wijkteam.signing_in.totp import prove_totp
from wijkteam.signing_in.trying import is_over, may_try, was_right
from wijkteam.web import browsers
from wijkteam.web.acting import work
from wijkteam.web.language import _, later, said
from wijkteam.web.letting_in import forget_half_way, go_on, half_way, inside, let_in, missing
from wijkteam.web.relying_party import at_localhost, here
from wijkteam.web.scripts import with_script
from wijkteam.web.sign_in import BUSY_SECONDS, too_many, wait

pages = Blueprint("second_step", __name__)
QUESTION = "passkey_question_"
PROVE, REGISTER = "prove", "register"
COUNTED = "passkey_counted"
"""Where the cookie keeps under which number the question was counted as a try, until it is answered well."""
WRONG_CODE = later("Deze code klopt niet, of is al gebruikt. Wacht op de volgende code en probeer het opnieuw.")
WRONG_RECOVERY = later("Deze herstelcode klopt niet, of is al gebruikt.")
ENDED = later("U hebt te vaak een verkeerde code ingevuld, of het duurde te lang. Log opnieuw in.")


def box() -> Box:
    """What secrets are sealed with."""
    found: Box = current_app.extensions["box"]
    return found


def asked(question: Question, purpose: str) -> Response:
    """A question for the browser's keys; which one it was stays in the browser's cookie, signed."""
    session[QUESTION + purpose] = question.id
    return Response(question.options, content_type="application/json")


def asked_last(purpose: str) -> str:
    """The question that was asked last for this purpose; it is answered once."""
    return str(session.pop(QUESTION + purpose, ""))


@pages.get("/inloggen/tweede-stap")
def page() -> AnyResponse:
    """The second step: a code, a passkey or a recovery code; or setting one up first."""
    found = half_way()
    if found is None:
        return redirect(url_for("sign_in.page"))
    ways = _missing(found)
    if not set(ways) - {SET_UP, SET_UP_PASSKEY}:
        return redirect(url_for("my_factors.page"))
    return _show(ways)


def _missing(found: KnownSession) -> list[str]:
    return missing(found.person_id, frozenset(found.factors.split("+")))


def _show(ways: list[str], wrong: str = "", kind: str = "", status: int = 200) -> Response:
    shown = render_template(
        "second_step.html", ways=ways, here=here(), at_localhost=at_localhost(), wrong=wrong, kind=kind
    )
    return with_script(shown, status)


@pages.post("/inloggen/tweede-stap")
def step() -> AnyResponse:
    """Prove the second factor."""
    found = half_way()
    kind = request.form.get("kind", "")
    if found is None or is_over(work(), found.id):
        forget_half_way()
        return _sign_in_again()
    ways = _missing(found)
    if kind not in ways or kind not in PROOFS:
        return _show(ways, _("Kies een van deze manieren."), "", 422)
    try:
        wrong = PROOFS[kind](found.person_id, found.id)
    except TooManyAttempts as many:
        return too_many(many.seconds, _show(ways, wait(many.seconds), kind, 429))
    except Stale:
        return too_many(BUSY_SECONDS, _show(ways, wait(BUSY_SECONDS), kind, 429))
    if not wrong:
        return redirect(go_on(found, kind))
    if is_over(work(), found.id):
        forget_half_way()
        return _sign_in_again()
    return _show(ways, wrong, kind, 422)


def _sign_in_again() -> Response:
    return Response(render_template("message.html", title=_("Log opnieuw in"), text=_(ENDED)), 401)


def _prove_code(person_id: int, session_id: int) -> str:
    return code_wrong(person_id, session_id, request.form.get("code", ""))


def code_wrong(person_id: int, session_id: int, code: str) -> str:
    """Look at a code of somebody's app: says what is wrong, or nothing (""). Raises TooManyAttempts."""
    return _counted(person_id, session_id, lambda: prove_totp(work(), person_id, code, box()), WRONG_CODE)


def _prove_recovery_code(person_id: int, session_id: int) -> str:
    given = request.form.get("recovery", "")
    return _counted(person_id, session_id, lambda: use_code(work(), person_id, given), WRONG_RECOVERY)


def _counted(person_id: int, session_id: int, is_right: Callable[[], bool], wrong: str) -> str:
    """A guess counts for the account, as a password does, and for the session, before it is looked at."""
    person = find_person(work().session, person_id)
    number = begin_attempt(work(), browsers.here(person.email if person else ""))
    if not may_try(work(), session_id) or not is_right():
        return _(wrong)
    attempts.was_right(work(), number)
    was_right(work(), session_id)
    return ""


def _prove_passkey(person_id: int, _session_id: int) -> str:
    return passkey_wrong(person_id, request.form.get("answer", ""))


def passkey_wrong(person_id: int, answer: str) -> str:
    """Look at the answer of somebody's passkey to the question asked last: says what is wrong, or nothing ("")."""
    place, question = here(), asked_last(PROVE)
    if place is None:
        return _("Passkeys werken niet op dit adres.")
    try:
        prove_passkey(work(), person_id, question, answer, place)
    except PasskeyRefused as refused:
        return said(refused)
    return ""


def ways_to_prove(person_id: int) -> list[str]:
    """The kinds of factor with which somebody who is in already can prove it anew."""
    return sorted(held_factors(work().session, person_id).kinds)


PROOFS: Mapping[str, Callable[[int, int], str]] = {
    "totp": _prove_code,
    "passkey": _prove_passkey,
    "recovery_code": _prove_recovery_code,
}
"""How each kind of factor is proved with what the form holds; each says what is wrong, or nothing ("")."""


@pages.post("/inloggen/tweede-stap/vraag")
def ask() -> Response:
    """What the passkey of who is half way, or of who is in and proves it anew, has to sign."""
    place = here()
    if current_user.is_authenticated:
        person_id: int = current_user.person.person_id
        ways = ways_to_prove(person_id)
    else:
        found = half_way()
        if found is None:
            abort(404)
        person_id, ways = found.person_id, _missing(found)
    if place is None or "passkey" not in ways:
        abort(404)
    return asked(ask_to_prove(work(), person_id, place), PROVE)


@pages.get("/inloggen/passkey")
def passkey() -> Response:
    """Signing in with a passkey alone."""
    return _show_passkey()


def _show_passkey(wrong: str = "", status: int = 200) -> Response:
    shown = render_template("passkey_sign_in.html", here=here(), at_localhost=at_localhost(), wrong=wrong)
    return with_script(shown, status)


@pages.post("/inloggen/passkey/vraag")
def ask_anybody() -> AnyResponse:
    """What any passkey has to sign; nobody said yet who they are, so that questions are counted by address."""
    place = here()
    if place is None:
        abort(404)
    try:
        session[COUNTED] = begin_attempt(work(), browsers.asking(), attempts.QUESTIONS)
    except TooManyAttempts as many:
        return too_many(many.seconds, Response(wait(many.seconds), 429, content_type="text/plain; charset=utf-8"))
    except Stale:
        return too_many(BUSY_SECONDS, Response(wait(BUSY_SECONDS), 429, content_type="text/plain; charset=utf-8"))
    return asked(ask_to_prove(work(), None, place), PROVE)


@pages.post("/inloggen/passkey")
def passkey_step() -> AnyResponse:
    """Sign in with the passkey that signed: key and finger, face or PIN are two factors."""
    place = here()
    if place is None:
        abort(404)
    try:
        person_id = prove_passkey(work(), None, asked_last(PROVE), request.form.get("answer", ""), place)
    except PasskeyRefused as refused:
        return _show_passkey(said(refused), 401)
    number = session.pop(COUNTED, None)
    if isinstance(number, int):
        attempts.was_right(work(), number)
    return redirect(let_in(person_id, ("passkey",), inside(request.args.get("next"))))
