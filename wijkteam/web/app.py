"""Making the Flask app."""

import os
import secrets
from pathlib import Path

from flask import Flask, Response, render_template, request
from flask_login import LoginManager, current_user
from flask_wtf.csrf import CSRFError, CSRFProtect

from wijkteam.assembly import House
from wijkteam.people.staff import may_keep
from wijkteam.shipped import folder
from wijkteam.web import (
    absence,
    backings,
    breakthroughs,
    cases,
    escalations,
    legal_terms,
    letters,
    messages,
    my_work,
    objections,
    patterns,
    people,
    register,
    register_changes,
    report,
    requests,
    showing,
    sign_in,
    signals,
    tracks,
    what_if,
    workflows,
)
from wijkteam.web.acting import User, let_go, work
from wijkteam.web.safety import Safety

CONTENT_POLICY = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; script-src 'none'; "
    "frame-ancestors 'none'; form-action 'self'; base-uri 'self'"
)


def secret_key(path: Path) -> str:
    """The key that signs sessions, made once and kept in a file that only its owner can read."""
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32))
    return path.read_text(encoding="ascii").strip()


def create_app(
    house: House, key: str, municipality: str, sends_mail: bool = False, safety: Safety | None = None
) -> Flask:
    """The whole web application on one house; `sends_mail` says whether the settings name an SMTP server."""
    safe = safety or Safety()
    app = Flask("wijkteam.web", template_folder=str(folder("templates")))
    app.config.update(
        SECRET_KEY=key,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SECURE=safe.production,
        MAX_CONTENT_LENGTH=1_000_000,
        WTF_CSRF_TIME_LIMIT=None,
    )
    app.extensions["house"] = house
    app.extensions["sends_mail"] = sends_mail
    app.extensions["safety"] = safe
    app.jinja_env.globals["municipality"] = municipality
    CSRFProtect(app)
    login = LoginManager(app)
    login.login_view = "sign_in.page"
    login.login_message = None
    login.user_loader(lambda secret: User.load(house, secret))
    for area in (
        sign_in,
        my_work,
        cases,
        tracks,
        legal_terms,
        letters,
        objections,
        requests,
        escalations,
        patterns,
        breakthroughs,
        backings,
        signals,
        report,
        what_if,
        messages,
        workflows,
        register,
        register_changes,
        people,
        absence,
    ):
        app.register_blueprint(area.pages)
    showing.register(app)
    _register_answers(app)
    return app


def _register_answers(app: Flask) -> None:
    @app.teardown_appcontext
    def close_session(_error: BaseException | None) -> None:
        let_go()

    @app.after_request
    def guard(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", CONTENT_POLICY)
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "same-origin"
        if request.endpoint != "static":
            response.headers["Cache-Control"] = "no-store"
        return response

    @app.errorhandler(404)
    def not_found(_error: Exception) -> tuple[str, int]:
        return render_template("message.html", title="Niet gevonden", text="Deze pagina is er niet."), 404

    @app.errorhandler(CSRFError)
    def expired(_error: Exception) -> tuple[str, int]:
        text = "Deze pagina stond te lang open. Ga terug, laad de pagina opnieuw en probeer het nog eens."
        return render_template("message.html", title="Probeer het opnieuw", text=text), 400

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
        }
