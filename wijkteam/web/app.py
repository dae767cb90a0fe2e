"""Making the Flask app."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

import structlog
from flask import Flask, Response, abort, render_template, request
from flask_login import LoginManager, current_user
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter, Map

from wijkteam.access.breaking_vocabulary import BREAKERS
from wijkteam.access.sharing_vocabulary import GUEST
from wijkteam.assembly import House
from wijkteam.events.payload_keys import CannotSeal
from wijkteam.events.payloads import CannotOpenPayload
from wijkteam.health.measures import Measures
from wijkteam.looks import Look
from wijkteam.people.staff import may_keep
from wijkteam.shipped import folder
from wijkteam.signing_in.sealing import Box
from wijkteam.web import (
    absence,
    api_clients,
    appointments,
    backings,
    blocking,
    breakthroughs,
    browsers,
    case_files,
    cases,
    choosing_language,
    complaints,
    compressing,
    corrections,
    data_requests,
    deciding,
    escalations,
    factor_proofs,
    failing,
    glass,
    handover,
    headers,
    household,
    importing,
    language,
    leaving,
    legal_terms,
    letters,
    logs,
    measuring,
    messages,
    my_access,
    my_factors,
    my_tokens,
    my_work,
    objections,
    offline,
    offline_cases,
    passwords,
    patterns,
    people,
    people_access,
    people_finding,
    plan,
    protection,
    proving,
    public_signals,
    quotes,
    register,
    register_changes,
    report,
    report_exports,
    request_log,
    requests,
    required,
    residents,
    retention,
    search,
    second_step,
    sharing,
    showing,
    sign_in,
    signals,
    single_sign_on,
    standing,
    story,
    styles,
    suggested,
    team,
    templating,
    tracing,
    tracks,
    webhooks,
    what_if,
    whole_file,
    workflows,
    zaaksysteem,
)
from wijkteam.web.acting import User, let_go, work
from wijkteam.web.api import problems
from wijkteam.web.api import routes as api
from wijkteam.web.language import _
from wijkteam.web.safety import Safety

log = structlog.get_logger()


def secret_key(path: Path) -> str:
    """The key that signs sessions, made once and kept in a file that only its owner can read."""
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32))
    return path.read_text(encoding="ascii").strip()


class RowNumber(IntegerConverter):
    """The number of a row in a path; what no database could count up to is no number."""

    def __init__(self, url_map: Map, **options: Any) -> None:
        super().__init__(url_map, **{"max": 2**63 - 1, **options})


class Pages(Flask):
    """The pages as an app: none of its functions is a coroutine, so that it is not looked up for each of them."""

    jinja_environment = templating.SpeakingEnvironment

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """As it is."""
        return func


def create_app(
    house: House,
    key: str,
    municipality: str,
    sends_mail: bool = False,
    safety: Safety | None = None,
    look: Look | None = None,
) -> Flask:
    """The whole web application on one house; `sends_mail` says whether the settings name an SMTP server.

    Without a `look` it has the one that comes along.
    """
    safe = safety or Safety()
    app = Pages("wijkteam.web", template_folder=str(folder("templates")))
    app.config.update(
        SECRET_KEY=key,
        SESSION_COOKIE_NAME="__Host-session" if safe.production else "session",
        SESSION_COOKIE_PATH="/",
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SECURE=safe.production,
        MAX_CONTENT_LENGTH=1_000_000,
        WTF_CSRF_TIME_LIMIT=None,
    )
    app.url_map.converters["int"] = RowNumber
    compressing.register(app)
    styles.register(app, look)
    if safe.proxies:
        steps = safe.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, steps, steps, steps)  # type: ignore[method-assign]
    app.extensions["house"] = house
    app.extensions["sends_mail"] = sends_mail
    app.extensions["safety"] = safe
    app.extensions["box"] = Box(house.key_ring, key)
    app.jinja_env.globals["municipality"] = municipality
    app.extensions["measures"] = Measures()
    request_log.register(app, safe, app.extensions["measures"])
    tracing.register(app, safe.traces_to)
    csrf = CSRFProtect(app)
    csrf.exempt(single_sign_on.signed_out_there)
    csrf.exempt(zaaksysteem.notified)
    csrf.exempt(public_signals.pages)  # no session stands behind these pages: their forms carry a mark of their own
    login = LoginManager(app)
    login.unauthorized_handler(sign_in.ask_to_sign_in)
    login.user_loader(lambda secret: User.load(app.extensions["house"], secret))
    for area in (
        sign_in,
        single_sign_on,
        second_step,
        my_factors,
        my_tokens,
        api_clients,
        webhooks,
        zaaksysteem,
        my_work,
        search,
        team,
        handover,
        people_finding,
        cases,
        residents,
        household,
        appointments,
        case_files,
        quotes,
        story,
        blocking,
        protection,
        sharing,
        glass,
        tracks,
        plan,
        measuring,
        legal_terms,
        letters,
        objections,
        requests,
        escalations,
        patterns,
        breakthroughs,
        backings,
        signals,
        complaints,
        public_signals,
        report,
        report_exports,
        what_if,
        messages,
        workflows,
        register,
        register_changes,
        people_access,
        retention,
        whole_file,
        corrections,
        data_requests,
        deciding,
        suggested,
        people,
        importing,
        leaving,
        absence,
        my_access,
        passwords,
        proving,
        logs,
        offline_cases,
        choosing_language,
        standing,
    ):
        app.register_blueprint(area.pages)
    api.register(app)
    language.register(app)
    templating.register(app)
    showing.register(app)
    required.register(app)
    headers.register(app)
    offline.register(app)
    browsers.register(app)
    factor_proofs.register()
    failing.register(app)
    _register_answers(app)
    return app


NO_TEXT = "\x00"
"""A sign that no keyboard has and that no database keeps in a text."""


def _register_answers(app: Flask) -> None:
    @app.before_request
    def refuse_what_is_no_text() -> tuple[str, int] | Response | None:
        if NO_TEXT in request.path:
            abort(404)
        values = [*request.args.items(multi=True), *request.form.items(multi=True)]
        # a part of a form can come without a name; no page of ours sends one
        if all(name is not None and NO_TEXT not in name + value for name, value in values):
            return None
        if request.path.startswith(api.BASE):
            return problems.problem(400, _(problems.LINES[400]))
        text = _("In wat u stuurde staat een teken dat geen tekst is. Haal het weg en probeer het nog eens.")
        return render_template("message.html", title=_("Dit kunnen we niet lezen"), text=text), 400

    @app.teardown_appcontext
    def close_session(error: BaseException | None) -> None:
        let_go(error)

    @app.errorhandler(405)
    def not_so(error: HTTPException) -> HTTPException | Response:
        return problems.of_http(error) if request.path.startswith(api.BASE) else error

    @app.errorhandler(404)
    def not_found(error: HTTPException) -> tuple[str, int] | Response:
        if request.path.startswith(api.BASE):
            return problems.of_http(error)
        return render_template("message.html", title=_("Niet gevonden"), text=_("Deze pagina is er niet.")), 404

    @app.errorhandler(CSRFError)
    def expired(_error: Exception) -> tuple[str, int]:
        text = _("Deze pagina stond te lang open. Ga terug, laad de pagina opnieuw en probeer het nog eens.")
        return render_template("message.html", title=_("Probeer het opnieuw"), text=text), 400

    @app.errorhandler(CannotSeal)
    @app.errorhandler(CannotOpenPayload)
    def no_key(error: Exception) -> tuple[str, int]:
        log.error("keys.missing", why=str(error))
        text = _(
            "Wat er staat kan nu niet gelezen of veilig bewaard worden. Er is niets veranderd. Vraag de beheerder."
        )
        return render_template("message.html", title=_("Dit kan nu niet"), text=text), 503

    @app.context_processor
    def person() -> dict[str, object]:
        if not current_user.is_authenticated:
            return {"person": None}
        actor = work().actor
        return {
            "person": actor,
            "may_read_report": bool(report.READERS & actor.functions),
            "may_read_what_if": what_if.may_read(actor),
            "may_open_objections": objections.may_open_list(actor),
            "may_read_workflows": workflows.may_read(actor),
            "may_keep_people": may_keep(actor),
            "may_break_glass": bool(BREAKERS & actor.functions),
            "only_guest": actor.functions == {GUEST},
            "may_see_destruction": retention.may_see(actor),
        }
