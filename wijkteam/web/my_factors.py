"""My second step: an app with codes, passkeys and recovery codes, which everyone keeps for themselves."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import segno
from flask import Blueprint, Response, abort, current_app, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from wijkteam.people.queries import names
from wijkteam.people.staff import find_person
from wijkteam.signing_in.changing import WrongFactor, remove_passkey, remove_totp, rename_passkey
from wijkteam.signing_in.held import changes, held_factors, were_seen
from wijkteam.signing_in.passkeys import PasskeyRefused, ask_to_register, register
from wijkteam.signing_in.policy import SET_UP, SET_UP_PASSKEY, needed
from wijkteam.signing_in.recovery import renew_codes
from wijkteam.signing_in.sessions import KnownSession
from wijkteam.signing_in.totp import address_for_app, begin_totp, confirm_totp, pending_secret
from wijkteam.web.acting import house, safety, work
from wijkteam.web.language import _, later, said
from wijkteam.web.letting_in import go_on, half_way, missing
from wijkteam.web.proving import proved_recently
from wijkteam.web.relying_party import at_localhost, here
from wijkteam.web.scripts import with_script
from wijkteam.web.second_step import REGISTER, asked, asked_last, box

pages = Blueprint("my_factors", __name__)
WHAT = {
    "totp_set_up": later("App met codes ingesteld"),
    "totp_removed": later("App met codes weggehaald"),
    "passkey_added": later("Passkey toegevoegd"),
    "passkey_removed": later("Passkey weggehaald"),
    "passkey_counts_back": later("Passkey geweigerd: misschien gekopieerd"),
    "recovery_codes_renewed": later("Nieuwe herstelcodes gemaakt"),
    "recovery_code_used": later("Herstelcode gebruikt"),
    "reset": later("Alles weggehaald en overal uitgelogd"),
}
"""What happened to somebody's factors, to be said with `_`."""


@dataclass(frozen=True)
class Me:
    """Whose page this is: somebody signed in, or half way with something to set up first."""

    person_id: int
    on_the_way: KnownSession | None = None
    to_set_up: frozenset[str] = frozenset()

    def may(self, form: str) -> bool:
        """Half way only what is missing can be made; nothing can be changed or taken away."""
        if self.on_the_way is None:
            return True
        codes = SET_UP in self.to_set_up
        return form == "passkey" or (codes and form in ("code-beginnen", "code-bevestigen"))


def _me() -> Me | None:
    if current_user.is_authenticated:
        return Me(current_user.person.person_id)
    found = half_way()
    if found is None:
        return None
    to_set_up = frozenset(missing(found.person_id, frozenset(found.factors.split("+")))) & {SET_UP, SET_UP_PASSKEY}
    return Me(found.person_id, found, to_set_up) if to_set_up else None


@pages.get("/mijn-toegang/tweede-stap")
def page() -> AnyResponse:
    """What I have, and what I can add."""
    me = _me()
    if me is None:
        way = half_way()
        return redirect(url_for("second_step.page") if way else url_for("sign_in.page", next=request.path))
    return _show(me)


def _show(me: Me, form: str = "", wrong: str = "", status: int = 200) -> Response:
    session = work().session
    person = find_person(session, me.person_id)
    if person is None:
        abort(404)
    secret = pending_secret(session, me.person_id, box())
    address = (
        address_for_app(secret, person.email, str(current_app.jinja_env.globals["municipality"])) if secret else ""
    )
    happened = changes(session, me.person_id)
    news = [each for each in happened if each.seen_at is None]
    shown = render_template(
        "my_second_step.html",
        held=held_factors(session, me.person_id),
        may=me.may,
        on_the_way=me.on_the_way is not None,
        need=needed(session, me.person_id, safety().production, house().sign_in_policy),
        secret=" ".join(secret[start : start + 4] for start in range(0, len(secret), 4)) if secret else "",
        picture=segno.make(address, error="m").svg_data_uri(scale=5, border=2) if address else "",
        address=address,
        happened=happened,
        news=news,
        what={code: _(text) for code, text in WHAT.items()},
        names=names(session, {each.done_by for each in happened if each.done_by}),
        here=here(),
        at_localhost=at_localhost(),
        form=form,
        wrong=wrong,
    )
    if news and me.on_the_way is None:
        were_seen(work(), me.person_id)
    return with_script(shown, status)


@pages.post("/mijn-toegang/tweede-stap/vraag")
def ask() -> Response:
    """What a new passkey of mine has to sign."""
    me, place = _me(), here()
    if me is None or place is None or not me.may("passkey"):
        abort(404)
    return asked(ask_to_register(work(), me.person_id, place), REGISTER)


@pages.post("/mijn-toegang/tweede-stap/<form>")
def step(form: str) -> AnyResponse:
    """Change one thing of my second step."""
    me = _me()
    if me is None:
        return redirect(url_for("sign_in.page", next=url_for("my_factors.page")))
    if form not in FORMS or not me.may(form):
        abort(404)
    answer: AnyResponse = _act(me, form) if me.on_the_way else proved_recently(_act)(me, form)
    return answer


def _act(me: Me, form: str) -> AnyResponse:
    act = FORMS[form]
    try:
        return act(me)
    except (WrongFactor, PasskeyRefused) as wrong:
        return _show(me, form, said(wrong), 422)


def _back() -> AnyResponse:
    return redirect(url_for("my_factors.page"))


def _begin_code(me: Me) -> AnyResponse:
    begin_totp(work(), me.person_id, box())
    return _back()


def _confirm_code(me: Me) -> AnyResponse:
    if not confirm_totp(work(), me.person_id, request.form.get("code", ""), box()):
        return _show(me, "code-bevestigen", _("Deze code klopt niet. Kijk of de klok van uw telefoon goed staat."), 422)
    return _made(me, "totp")


def _add_passkey(me: Me) -> AnyResponse:
    place, name, answer = here(), request.form.get("name", ""), request.form.get("answer", "")
    if place is None:
        return _show(me, "passkey", _("Passkeys werken niet op dit adres."), 422)
    register(work(), me.person_id, asked_last(REGISTER), answer, name, place)
    return _made(me, "passkey")


def _made(me: Me, factor: str) -> AnyResponse:
    """A new factor is there: who was half way goes on, and who has no recovery codes gets them now."""
    codes = [] if held_factors(work().session, me.person_id).codes_left else renew_codes(work(), me.person_id)
    onward = go_on(me.on_the_way, factor) if me.on_the_way else url_for("my_factors.page")
    return _show_codes(codes, onward) if codes else redirect(onward)


def _renew_codes(me: Me) -> AnyResponse:
    if not held_factors(work().session, me.person_id).kinds:
        return _show(me, "herstelcodes", _("Stel eerst een app met codes of een passkey in."), 422)
    return _show_codes(renew_codes(work(), me.person_id), url_for("my_factors.page"))


def _show_codes(codes: list[str], onward: str) -> Response:
    return Response(render_template("recovery_codes.html", codes=codes, onward=onward))


def _remove_code(me: Me) -> AnyResponse:
    remove_totp(work(), me.person_id, safety().production, house().sign_in_policy)
    return _back()


def _number() -> int:
    text = request.form.get("passkey", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def _rename_passkey(me: Me) -> AnyResponse:
    rename_passkey(work(), me.person_id, _number(), request.form.get("name", ""))
    return _back()


def _remove_passkey(me: Me) -> AnyResponse:
    remove_passkey(work(), me.person_id, _number(), safety().production, house().sign_in_policy)
    return _back()


FORMS: Mapping[str, Callable[[Me], AnyResponse]] = {
    "code-beginnen": _begin_code,
    "code-bevestigen": _confirm_code,
    "code-weg": _remove_code,
    "passkey": _add_passkey,
    "passkey-naam": _rename_passkey,
    "passkey-weg": _remove_passkey,
    "herstelcodes": _renew_codes,
}
"""What I can change, by the last part of the address."""
