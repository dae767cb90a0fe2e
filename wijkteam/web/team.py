"""My team: what each colleague has in hand, as a load to share out. Ordered by name; nobody is ranked."""

from flask import Blueprint, abort, render_template
from flask_login import login_required

from wijkteam.caseload.queries import loads
from wijkteam.people import queries as people
from wijkteam.web.acting import house, reading, work

pages = Blueprint("team", __name__)


@pages.get("/team")
@login_required
def page() -> str:
    """The teams of the signed-in person, with who is away and what everybody has in hand."""
    session, me = reading(), work().actor
    if not me.team_ids:
        abort(404)
    rule = house().caseload
    found = loads(session, rule, me.team_ids)
    shown = {
        team: [each for each in those if each.weight or each.is_away or each.person.id in _workers(team)]
        for team, those in found.items()
    }
    return render_template(
        "team.html",
        teams={team: people.team_name(session, team) for team in sorted(me.team_ids)},
        loads=shown,
        rule=rule,
        leads={team for team in me.team_ids if me.holds("team_lead", team)},
    )


def _workers(team_id: int) -> set[int]:
    return set(people.held_ids(reading(), "best_person", team_id))
