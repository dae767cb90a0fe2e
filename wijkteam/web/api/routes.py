"""Every route of the API, told once: the app and the description of the API are both made from this list."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import Blueprint, Flask

from wijkteam.api_access.service import READ, REPORT, WRITE
from wijkteam.web.api import bearing, describing, problems, telling, tokens
from wijkteam.web.api.describing import Route
from wijkteam.web.api.doing import step
from wijkteam.web.api.files import allow_a_file
from wijkteam.web.api.household_making import HOUSEHOLD_MAKINGS
from wijkteam.web.api.household_routes import HOUSEHOLD_ROUTES
from wijkteam.web.api.kinds import KINDS, Kind
from wijkteam.web.api.making import MAKINGS, make
from wijkteam.web.api.office import problems as office_problems
from wijkteam.web.api.office.routes import ROUTES as OFFICE
from wijkteam.web.api.subjects import listing, one, story

BASE = "/api/v1"


@dataclass(frozen=True)
class _Bound:
    """A view of one kind, called with its id under the name that its path gives it."""

    view: Callable[..., Any]
    argument: str

    def __call__(self, **named: Any) -> Any:
        return self.view(named.pop(self.argument), **named)


def _of(kind: Kind) -> list[Route]:
    path = f"/{kind.collection}/{{{problems.camel(kind.argument)}}}"

    def bound(view: Callable[..., Any]) -> Callable[..., Any]:
        return _Bound(partial(view, kind), kind.argument)

    return [
        Route(f"{kind.name}_list", "GET", f"/{kind.collection}", partial(listing, kind), READ, describing.LIST, kind),
        Route(kind.name, "GET", path, bound(one), READ, describing.ONE, kind),
        Route(f"{kind.name}_story", "GET", f"{path}/story", bound(story), READ, describing.STORY, kind),
        Route(f"{kind.name}_step", "POST", f"{path}/steps/{{transition}}", bound(step), WRITE, describing.STEP, kind),
    ]


ROUTES: list[Route] = [
    Route("me", "GET", "/me", telling.me, READ, describing.TOLD, None, telling.ME, "Whom the token acts for"),
    Route("my_work", "GET", "/my-work", telling.my_work, READ, describing.TOLD, None, telling.WORK, "My work"),
    Route("people", "GET", "/people", telling.everyone, READ, describing.TOLD, None, telling.PEOPLE, "People"),
    Route(
        "register_rows",
        "GET",
        "/register-rows",
        telling.register_rows,
        READ,
        describing.TOLD,
        None,
        telling.REGISTER,
        "The mandate register",
    ),
    Route(
        "decisions",
        "GET",
        "/cases/{caseId}/decisions",
        telling.decisions,
        READ,
        describing.TOLD,
        None,
        telling.DECISIONS,
        "The decisions of a case",
    ),
    Route(
        "zaak",
        "GET",
        "/cases/{caseId}/zaak",
        telling.zaak,
        READ,
        describing.TOLD,
        None,
        telling.ZAAK,
        "The case in the municipality's case system",
    ),
    Route(
        "report",
        "GET",
        "/reports/escalations",
        telling.report,
        REPORT,
        describing.REPORT,
        None,
        telling.REPORT,
        "The escalation report",
    ),
    *(route for kind in KINDS for route in _of(kind)),
    *(
        Route(
            f"{each.kind.name}_new",
            "POST",
            each.path,
            partial(make, each),
            WRITE,
            describing.MAKE,
            each.kind,
            making=each,
        )
        for each in (*MAKINGS, *HOUSEHOLD_MAKINGS)
    ),
    *HOUSEHOLD_ROUTES,
    *OFFICE,
]


def register(app: Flask) -> None:
    """Let this app answer programs."""
    api = Blueprint("api", __name__, url_prefix=BASE)
    api.url_value_preprocessor(allow_a_file)
    bearing.register(api)
    problems.register(api)
    office_problems.register(api)
    for route in ROUTES:
        view = bearing.needs(route.scope, route.view) if route.scope else route.view
        api.add_url_rule(route.rule, route.endpoint, view, methods=[route.method])
    api.add_url_rule("/openapi.json", "openapi", partial(describing.document, ROUTES), methods=["GET"])
    api.add_url_rule("/token", "token", tokens.give, methods=["POST"])
    bearing.WITHOUT_TOKEN.update({"api.openapi", "api.token"})
    app.register_blueprint(api)
    tokens.register(app)
    app.extensions["csrf"].exempt(api)
    app.add_url_rule("/openapi.json", "openapi", partial(describing.document, ROUTES), methods=["GET"])
