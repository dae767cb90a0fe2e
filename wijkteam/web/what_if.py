"""What if: what a wider mandate would have brought, and at what price."""

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, abort, render_template, request, url_for
from flask_login import login_required

from wijkteam.mandate import queries as mandate
from wijkteam.mandate.queries import find_request
from wijkteam.people.acting import ActingPerson
from wijkteam.reports.curves import ceiling_curve
from wijkteam.reports.figures import Cell
from wijkteam.reports.readers import WHAT_IF
from wijkteam.reports.what_if import Opened, Unit
from wijkteam.reports.what_if_exports import outline, percent, told
from wijkteam.reports.what_if_service import OWN, WhatIf, cases_behind, sources, what_if
from wijkteam.reports.what_if_telling import FATES, choice_told, figure_told, group_title, page_lines, scenario_told
from wijkteam.reports.what_if_words import SHORT
from wijkteam.web.acting import figures_over_all, house, over_all, reading, work
from wijkteam.web.language import _, language, said
from wijkteam.web.what_if_form import Asked, read_asked

pages = Blueprint("what_if", __name__, url_prefix="/mandaat/wat-als")
CASES_A_PAGE = 50


def may_read(person: ActingPerson) -> bool:
    """Whether a person may see what another register would have brought."""
    return bool(WHAT_IF & person.functions)


def _asked() -> Asked:
    """What is asked; to others than its readers the page is not there (404)."""
    if not may_read(work().actor):
        abort(404)
    session = reading()
    return read_asked(request.args, over_all(sources), mandate.powers(session, language()))


def _link(asked: Asked, ceiling: int, code: str = "") -> str:
    """The same question with one ceiling (cents): its page, or the cases behind a figure of it."""
    given = {name: value for name, value in asked.typed.items() if value and name not in asked.wrong}
    euros = f"{ceiling // 100},{ceiling % 100:02d}".removesuffix(",00")
    given |= {"plafond": euros, "cijfer": code} if code else {"plafond": euros}
    return f"{url_for('what_if.cases' if code else 'what_if.page')}?{urlencode(given)}"


@pages.get("")
@login_required
def page() -> tuple[str, int]:
    """Gain beside price, the curve to choose from, and every figure open down to its cases."""
    asked = _asked()
    session = reading()
    found = figures_over_all(what_if, asked.wish, house().approving)
    powers = mandate.powers(session, language())
    shown = render_template(
        "what_if.html",
        asked=asked,
        found=found,
        first=found.history.first,
        last=found.history.last,
        sources=[(name, _("Eigen verzoeken") if name == OWN else name) for name in over_all(sources)],
        powers=sorted(powers.items(), key=lambda pair: pair[1]),
        gain=page_lines(found.gain),
        price=page_lines(found.price),
        rest=page_lines(found.rest),
        short=[(found.line(code), said(title)) for code, title in SHORT.items()],
        figure=lambda line, number: figure_told(found, line, number),
        whole=lambda number: told(Cell(number), Unit.COUNT),
        sentences=[said(scenario_told(found, number)) for number in range(len(found.scenarios))],
        curves=[_curve(found, number, powers) for number in range(len(found.curves))],
        link=lambda ceiling, code="": _link(asked, ceiling, code),
    )
    return shown, 422 if asked.wrong else 200


def _curve(found: WhatIf, number: int, powers: dict[str, str]) -> dict[str, Any]:
    curve = found.curves[number]
    return {
        "curve": curve,
        "title": powers.get(curve.power, curve.power),
        "picture": ceiling_curve(
            curve, _("Wat een plafond doet: %(power)s", power=powers.get(curve.power, curve.power))
        ),
        "choice": said(choice_told(curve, found.choices[number])),
        "points": [(each, percent(curve.spares(each)), percent(curve.lets_through(each))) for each in outline(curve)],
    }


@pages.get("/verzoeken")
@login_required
def cases() -> str:
    """The requests behind one figure, as far as this person may read them; others are counted alone."""
    asked = _asked()
    code = request.args.get("cijfer", "")
    number = max(1, request.args.get("blad", 1, type=int))
    if len(asked.wish.ceilings) != 1:
        abort(404)
    try:
        found, may_count = over_all(cases_behind, asked.wish, code)
    except KeyError:
        abort(404)
    readable = [each for each in found if asked.wish.source != OWN or _readable(each)]
    start = (number - 1) * CASES_A_PAGE
    return render_template(
        "what_if_cases.html",
        asked=asked,
        title=said(group_title(code)),
        ceiling=asked.wish.ceilings[0],
        cases=readable[start : start + CASES_A_PAGE],
        readable=len(readable),
        others=len(found) - len(readable) if may_count else None,
        number=number,
        pages=-(-len(readable) // CASES_A_PAGE),
        own=asked.wish.source == OWN,
        fates={fate: said(words) for fate, words in FATES.items()},
        powers=mandate.powers(reading(), language()),
        back=_link(asked, asked.wish.ceilings[0]),
        turn=lambda to: f"{request.path}?{urlencode({**request.args.to_dict(), 'blad': to})}",
    )


def _readable(opened: Opened) -> bool:
    return find_request(reading(), opened.request.id) is not None
