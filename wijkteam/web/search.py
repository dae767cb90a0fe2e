"""Searching: cases, signals and people by words and names, among what the signed-in person may read."""

from dataclasses import dataclass

from flask import Blueprint, render_template, request, url_for
from flask_login import login_required

from wijkteam.cases import queries as cases
from wijkteam.people import queries as people
from wijkteam.search.queries import Found, find
from wijkteam.signals import queries as signals
from wijkteam.web.acting import reading
from wijkteam.web.language import _, later
from wijkteam.web.showing import state_title

pages = Blueprint("search", __name__)
MOST_SHOWN = 40
LONGEST = 300
IN_WORDS = {
    "household": later("naam of adres"),
    "resident": later("bewoner"),
    "household_case": later("wat er speelt of het plan"),
    "track": later("doel van een spoor"),
    "note": later("notities"),
    "goal": later("doel van het plan"),
    "plan_line": later("kracht of zorg"),
    "agreement": later("afspraak in het plan"),
    "helper": later("helper"),
    "decision": later("reden van een besluit"),
    "letter": later("brief"),
    "case_file": later("naam van een document"),
}
"""Where in a case it was found, as the page says it."""


@dataclass(frozen=True)
class Hit:
    """One line of the page."""

    kind: str
    title: str
    about: str
    link: str


@pages.get("/zoeken")
@login_required
def page() -> str:
    """What answers to what was typed, best first."""
    typed = " ".join(request.args.get("q", "").split())[:LONGEST]
    found = find(reading(), typed) if typed else []
    return render_template("search.html", typed=typed, hits=_hits(found[:MOST_SHOWN]), more=len(found) > MOST_SHOWN)


def _hits(found: list[Found]) -> list[Hit]:
    session = reading()
    opened = cases.cases(session, {each.case_id for each in found if each.case_id})
    homes = cases.households(session, {case.household_id for case in opened.values()})
    given = signals.signals_by_id(session, {each.signal_id for each in found if each.signal_id})
    here = people.active(session, {each.person_id for each in found if each.person_id})
    owners = people.names(session, {case.owner_id for case in opened.values()})
    hits = []
    for each in found:
        if each.case_id in opened:
            case = opened[each.case_id]
            about = ", ".join(_(IN_WORDS[kind]) for kind in each.kinds if kind in IN_WORDS)
            kind = f"{_('Casus')} · {state_title('household_case', case.state)} · {owners.get(case.owner_id, '')}"
            title = homes[case.household_id].who_or_where if case.household_id in homes else _("Casus")
            hits.append(
                Hit(kind, title, _("Gevonden in: %(about)s", about=about), url_for("cases.page", case_id=case.id))
            )
        elif each.signal_id in given:
            signal = given[each.signal_id]
            kind = f"{_('Signaal')} · {state_title('resident_signal', signal.state)}"
            hits.append(Hit(kind, signal.words, "", url_for("signals.page", signal_id=signal.id)))
        elif each.person_id in here:
            person = here[each.person_id]
            link = url_for("people_finding.page", q=person.name)
            hits.append(Hit(_("Collega"), person.name, person.email, link))
    return hits
