"""The mandate register, which everyone may read (Awb 3:42): the list, one row with its history, and downloads."""

from collections.abc import Mapping
from datetime import date, datetime

from flask import Blueprint, Response, abort, current_app, render_template, request
from flask_login import login_required

from wijkteam.documents.pdf import make_pdf
from wijkteam.mandate.comparing import Difference, differences
from wijkteam.mandate.in_words import FIELDS, in_short, sentences, value_in_words
from wijkteam.mandate.kept import REPLACED, KeptRegister, KeptRow, RowState
from wijkteam.mandate.publishing import STANDINGS, period, publication
from wijkteam.mandate.register_csv import as_csv
from wijkteam.mandate.register_queries import kept_register, waiting_changes
from wijkteam.mandate.register_yaml import as_yaml
from wijkteam.people.acting import ActingPerson
from wijkteam.people.staff import ADMINISTRATOR
from wijkteam.terms import clock
from wijkteam.terms.term import end_of_day
from wijkteam.web.acting import house, reading, work
from wijkteam.web.language import _, language, said

pages = Blueprint("register", __name__)
MOST_SHOWN = 200
SAID_IN_FACTS = ("kind", "legal_ground", "body", "conditions", "inform_duty", "publication")


def may_change(person: ActingPerson) -> bool:
    """Whether somebody may propose changes; whether each fits is up to the rules of the workflow."""
    return ADMINISTRATOR in person.functions


def _asked_day() -> tuple[date, str]:
    """The day that is asked for, today unless it is given, and what is wrong with it."""
    text = request.args.get("op", "").strip()
    try:
        return (date.fromisoformat(text) if text else clock.today()), ""
    except ValueError:
        return clock.today(), _("Dit is geen datum. Voorbeeld: 2026-03-31. U ziet wat vandaag geldt.")


def _moment(day: date) -> datetime:
    """The moment at which a day is looked at: now for today, else its end. A day has passed when it is over."""
    return clock.now() if day == clock.today() else end_of_day(day)


@pages.get("/mandaatregister")
@login_required
def listing() -> str:
    """The rows that hold on a day, by power; of one power or one function when that is asked."""
    session = reading()
    titles = house().register_titles(session, language())
    day, wrong = _asked_day()
    power, function = request.args.get("bevoegdheid", ""), request.args.get("functie", "")
    register = kept_register(session)
    held = register.in_force(_moment(day))
    found = [row for row in held if power in ("", row.entry.power) and function in ("", row.entry.function)]
    groups: dict[str, list[KeptRow]] = {}
    for row in found[:MOST_SHOWN]:
        groups.setdefault(titles.powers.get(row.entry.power, row.entry.power), []).append(row)
    return render_template(
        "register.html",
        groups=sorted(groups.items()),
        left_out=max(0, len(found) - MOST_SHOWN),
        count=len(found),
        titles=titles,
        in_short=in_short,
        period=lambda row: said(period(row)),
        day=day,
        wrong=wrong,
        power=power,
        function=function,
        powers=_named({row.entry.power for row in register.rows}, titles.powers),
        functions=_named({row.entry.function for row in register.rows}, titles.functions),
        waiting=waiting_changes(session),
        may_change=may_change(work().actor),
    )


def _named(codes: set[str], titles: Mapping[str, str]) -> list[tuple[str, str]]:
    return sorted(((code, titles.get(code, code)) for code in codes), key=lambda each: each[1])


@pages.get("/mandaatregister/<number>")
@login_required
def row(number: str) -> str:
    """One row as it is now, or was last; what stands above and below it; and all that ever had its number."""
    session = reading()
    register = kept_register(session)
    rows = register.numbered(number)
    if not rows:
        abort(404)
    now = clock.now()
    shown = _shown(register, rows, now)
    titles = house().register_titles(session, language())
    living = (RowState.IN_FORCE, RowState.TO_COME)
    facts = [(said(FIELDS[name]), value_in_words(name, getattr(shown.entry, name), titles)) for name in SAID_IN_FACTS]
    return render_template(
        "register_row.html",
        row=shown,
        sentences=sentences(shown.entry, titles),
        facts=[(title, value) for title, value in facts if value],
        state=said(STANDINGS[register.standing(shown, now)]),
        holds=register.standing(shown, now) is RowState.IN_FORCE,
        can_change=any(each.last_day >= max(clock.today(), each.first_day) for each in rows),
        above=register.chain(shown)[1:],
        below=[each for each in register.below(shown) if register.standing(each, now) in living],
        history=_history(register, rows, now),
        titles=titles,
        in_short=in_short,
        period=lambda row: said(period(row)),
        states=STANDINGS,
        replaced=REPLACED,
        standing=lambda each: register.standing(each, now),
        may_change=may_change(work().actor),
        waiting=waiting_changes(session),
    )


def _shown(register: KeptRegister, rows: list[KeptRow], now: datetime) -> KeptRow:
    """The row that holds now, else the next one, else the last there was."""
    order = (RowState.IN_FORCE, RowState.NOTHING_ABOVE, RowState.TO_COME)
    for state in order:
        for each in rows:
            if register.standing(each, now) is state:
                return each
    return rows[-1]


def _history(register: KeptRegister, rows: list[KeptRow], now: datetime) -> list[dict[str, object]]:
    """Every row of a number, newest first, each with what differed from the one before."""
    titles = house().register_titles(reading(), language())
    told: list[dict[str, object]] = []
    before: KeptRow | None = None
    for each in rows:
        changed: list[Difference] = differences(before.entry, each.entry, titles) if before else []
        told.append(
            {
                "row": each,
                "state": said(STANDINGS[register.standing(each, now)]),
                "changed": [one for one in changed if one.field not in ("valid_from", "valid_until")],
                "again": before is not None,
            }
        )
        before = each
    return told[::-1]


@pages.get("/mandaatregister.<form>")
@login_required
def download(form: str) -> Response:
    """The register as a file: csv or yaml to work with, pdf to publish."""
    session = reading()
    register = kept_register(session)
    municipality = str(current_app.jinja_env.globals["municipality"])
    with_history = bool(request.args.get("geschiedenis"))
    day, _wrong = _asked_day()
    rows = register.rows if with_history else register.in_force(_moment(day))
    if form == "csv":
        return _file(as_csv(rows, with_history).encode(), "text/csv; charset=utf-8", form)
    if form == "yaml":
        title = (f"Mandaatregister van {municipality}", f"Mandate register of {municipality}")  # not said to people
        text = as_yaml("register", title, rows, clock.today(), with_history)
        return _file(text.encode(), "application/yaml; charset=utf-8", form)
    if form == "pdf":
        data = publication(register, house().register_titles(session), municipality, clock.now())
        return _file(make_pdf("register.typ", data), "application/pdf", form)
    abort(404)


def _file(content: bytes, media_type: str, form: str) -> Response:
    response = Response(content, content_type=media_type)
    name = f"mandaatregister-{clock.today().isoformat()}.{form}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
