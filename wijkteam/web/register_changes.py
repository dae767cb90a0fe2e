"""Changes of the mandate register: proposing one, seeing what it does, and one step of it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response

from wijkteam.deadlines.queries import due_moments
from wijkteam.engine.fields import WrongFields
from wijkteam.engine.running import Refused
from wijkteam.events.queries import events_of
from wijkteam.mandate import register_queries
from wijkteam.mandate.change_checks import by_field, lines
from wijkteam.mandate.change_form import as_filled_in, current, read_change
from wijkteam.mandate.changes import RowChange, from_text
from wijkteam.mandate.comparing import differences
from wijkteam.mandate.in_words import FIELDS, KINDS, sentences
from wijkteam.mandate.keeping import Mistaken, propose_change
from wijkteam.mandate.kept import KeptRegister
from wijkteam.mandate.model import RegisterChange
from wijkteam.mandate.register_file import COLLEGE
from wijkteam.mandate.register_queries import kept_register
from wijkteam.people import queries as people
from wijkteam.terms import clock
from wijkteam.web.acting import Attempt, house, options, reading, take, work
from wijkteam.web.drawing import whereabouts
from wijkteam.web.language import _, language, later, said
from wijkteam.web.proving import proved_recently
from wijkteam.web.register import may_change

pages = Blueprint("register_changes", __name__)
KINDS_OF_CHANGE = {"add": later("Nieuwe rij"), "replace": later("Rij vervangen"), "revoke": later("Rij intrekken")}
DURATION = later("Bijvoorbeeld P6M (6 maanden), P2W (2 weken) of PT24H (24 uur).")
GROUPS: tuple[tuple[str, tuple[tuple[str, str, str, bool], ...]], ...] = (
    (
        later("Wie mag wat"),
        (
            ("number", "line", later("Bijvoorbeeld M-16."), True),
            ("kind", "choice", "", True),
            ("power", "person", "", True),
            ("function", "person", "", True),
            ("body", "person", "", True),
            ("legal_ground", "line", later("Bijvoorbeeld Wmo 2015 art. 2.3.5."), True),
        ),
    ),
    (
        later("Tot hoeveel"),
        (
            ("per_decision", "money", later("In euro. Leeg: geen plafond."), False),
            ("per_household", "money", "", False),
            ("per_year", "money", "", False),
            ("longest_duration", "line", DURATION, False),
        ),
    ),
    (
        later("Voorwaarden"),
        (
            ("colleagues_needed", "line", later("Hoeveel collega's stemmen vooraf in? 0: geen."), False),
            ("quorum_within", "line", DURATION, False),
            ("second_pair_above", "money", "", False),
            ("reserved", "several", later("In deze gevallen beslist wie het mandaat gaf."), False),
            ("civil_servant_only", "yes_no", "", False),
            ("team", "person", later("Leeg: alle teams."), False),
            ("wijk", "person", later("Leeg: overal."), False),
            ("conditions", "text", "", False),
            ("inform_duty", "text", "", False),
        ),
    ),
    (
        later("Doorgeven"),
        (
            ("given_under", "line", later("Nummer van de rij erboven. Leeg: van het bestuursorgaan zelf."), False),
            ("may_pass_on", "yes_no", "", False),
            ("pass_on_to", "person", later("Leeg: elke functie."), False),
        ),
    ),
    (
        later("Wanneer"),
        (
            ("valid_from", "date", later("Leeg: zodra iemand anders het goedkeurt."), False),
            ("valid_until", "date", later("Leeg: tot het wordt veranderd of ingetrokken."), False),
            ("publication", "line", later("Bijvoorbeeld Gemeenteblad 2026, 123."), False),
        ),
    ),
)
"""The form, group by group: field, how it is filled in (a person is chosen from a long list), help, whether needed."""
ASKED = tuple(name for _, group in GROUPS for name, *_rest in group)


def _choices() -> dict[str, list[tuple[str, str]]]:
    session = reading()
    titles = house().register_titles(session, language())
    functions = sorted(titles.functions.items(), key=lambda each: each[1])
    return {
        "kind": [(code, said(title)) for code, title in KINDS.items()],
        "power": sorted(titles.powers.items(), key=lambda each: each[1]),
        "function": functions,
        "pass_on_to": functions,
        "body": [(each.nl, said(each)) for each in house().lists["bodies"].items.values()],
        "team": [(team.name, team.name) for team in people.teams(session)],
        "wijk": sorted(titles.wijken.items(), key=lambda each: each[1]),
        "reserved": list(titles.reserved.items()),
        "may_pass_on": [("ja", _("Ja")), ("nee", _("Nee"))],
        "civil_servant_only": [("ja", _("Ja")), ("nee", _("Nee"))],
    }


def _start(what: str, number: str) -> dict[str, str]:
    """How the form begins: as the row is now, or for a new one with what is most common."""
    row = current(kept_register(reading()), number, clock.today()) if what != "add" else None
    if what != "add" and row is None:
        abort(404)
    found = (
        as_filled_in(row.entry)
        if row
        else {"body": COLLEGE, "kind": "mandaat", "may_pass_on": "nee", "civil_servant_only": "nee"}
    )
    return {**found, "row": str(row.id) if row else ""}


def _asked(name: str, kind: str, help_text: str, needed: bool) -> tuple[str, str, str, bool]:
    return name, kind, _(help_text), needed


def _form(what: str, number: str, tried: Attempt | None = None) -> str:
    if what not in KINDS_OF_CHANGE:
        abort(404)
    given: Mapping[str, str] = tried.given if tried else _start(what, number)
    return render_template(
        "register_propose.html",
        what=what,
        number=number,
        title=_(KINDS_OF_CHANGE[what]),
        groups=[
            (_(title), [(name, kind, _(help_), needed) for name, kind, help_, needed in asked])
            for title, asked in GROUPS
        ],
        names={name: said(title) for name, title in FIELDS.items()},
        choices=_choices(),
        given=given,
        tried=tried or Attempt(),
    )


@pages.get("/registerwijzigingen/nieuw")
@login_required
def new() -> str:
    """The form for a new row, or for one that is replaced or revoked."""
    if not may_change(work().actor):
        abort(404)
    return _form(request.args.get("soort", "add"), request.args.get("nummer", ""))


@pages.post("/registerwijzigingen/nieuw")
@login_required
@proved_recently
def propose() -> Response | tuple[str, int]:
    """Propose what was filled in."""
    if not may_change(work().actor):
        abort(404)
    what = request.form.get("what", "add")
    asked = ("number", "on", "row", "why") if what == "revoke" else (*ASKED, "row", "why")
    given = {name: request.form.get(name, "") for name in asked}
    if "reserved" in given:
        given["reserved"] = ",".join(request.form.getlist("reserved"))
    try:
        change = read_change({**given, "what": what}, kept_register(reading()), clock.today())
        proposed = propose_change(work(), [change], given["why"])
    except WrongFields as wrong:
        refused = Attempt("propose", given, {name: said(reason) for name, reason in wrong.mistakes.items()})
        return _form(what, given["number"], refused), 422
    except Refused as error:
        return _form(what, given["number"], _attempt(given, error)), 422
    return redirect(url_for("register_changes.page", change_id=proposed.id))


def _attempt(given: dict[str, str], error: Refused) -> Attempt:
    """What could not be: each mistake at its field, and those of no field above the form."""
    if not isinstance(error.reason, Mistaken):
        return Attempt("propose", given, {}, said(error.reason))
    mine = [each for each in error.reason.mistakes if each.number == given["number"] and each.field in given]
    others = [each for each in error.reason.mistakes if each not in mine]
    return Attempt("propose", given, by_field(mine, language()), "\n".join(lines(others, language())))


def _readable(change_id: str) -> RegisterChange:
    """A proposed change. The register is public, and so is what is proposed for it to everyone who works here."""
    change = register_queries.find_change(reading(), change_id)
    if change is None:
        abort(404)
    return change


def _shown_rows(change: RegisterChange, register: KeptRegister) -> list[dict[str, Any]]:
    """What the change does, row by row, in words: what is, and what comes."""
    titles = house().register_titles(reading(), language())
    shown = []
    for each in from_text(change.proposed):
        row = register.by_id.get(each.row or 0)
        before = row.entry if row else None
        told, begins = each.entry or before, _begins(each)
        compared = [] if each.what == "revoke" else differences(before, each.entry, titles)
        shown.append(
            {
                "change": each,
                "what": in_few_words(each),
                "begins": begins,
                "hindsight": begins is not None and begins < clock.local(change.opened_at).date(),
                "sentences": sentences(told, titles) if told else [],
                "compared": [one for one in compared if one.field not in ("number", "valid_from")],
                "below": [] if row is None else [low for low in register.below(row) if low.last_day >= clock.today()],
            }
        )
    return shown


def _begins(change: RowChange) -> date | None:
    return change.entry.valid_from if change.entry else change.on


def _show(change: RegisterChange, tried: Attempt | None = None) -> str:
    session = reading()
    events = list(reversed(events_of(session, "register_change", change.id)))
    offered = options(change)
    return render_template(
        "register_change.html",
        change=change,
        rows=_shown_rows(change, kept_register(session)),
        workflow=house().engine.workflow("register_change", change.workflow_version),
        options=offered,
        tried=tried or Attempt(),
        events=events,
        seen=whereabouts(change, events, offered),
        due=due_moments(session, [change.id]).get(change.id),
    )


@pages.get("/registerwijzigingen")
@login_required
def listing() -> str:
    """What waits for a second person, and what was decided lately."""
    session = reading()
    waiting = register_queries.waiting_changes(session)
    return render_template(
        "register_changes.html",
        waiting=waiting,
        decided=register_queries.recent_changes(session),
        about={change.id: about(change) for change in [*waiting, *register_queries.recent_changes(session)]},
        due=due_moments(session, [each.id for each in waiting]),
        may_change=may_change(work().actor),
    )


def about(change: RegisterChange) -> str:
    """Which rows a change is about, in a few words."""
    found = from_text(change.proposed)
    if len(found) > 3:
        return _("%(count)s rijen", count=len(found))
    return ", ".join(in_few_words(each) for each in found)


def in_few_words(change: RowChange) -> str:
    """What happens to which row."""
    words = {
        "add": later("Nieuwe rij %(number)s"),
        "replace": later("Rij %(number)s vervangen"),
        "revoke": later("Rij %(number)s intrekken"),
    }
    return _(words[change.what], number=change.number)


@pages.get("/registerwijzigingen/<change_id>")
@login_required
def page(change_id: str) -> str:
    """One change, with everything needed to approve it."""
    return _show(_readable(change_id))


@pages.post("/registerwijzigingen/<change_id>/stap/<transition>")
@login_required
@proved_recently
def step(change_id: str, transition: str) -> Response | tuple[str, int]:
    """Take one step of the change."""
    _readable(change_id)
    refused = take(RegisterChange, change_id, transition)
    if refused is not None:
        return _show(_readable(change_id), refused), 409 if refused.stale else 422
    return redirect(url_for("register_changes.page", change_id=change_id))
