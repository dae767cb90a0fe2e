"""Requests that were read in from logs of others, as a table of the report."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from wijkteam.mandate.model import MandateRequest
from wijkteam.reports.figures import Cell, Definition, Row, Table


def imported_requests(session: Session) -> Table | None:
    """Requests of logs that were read in, by their last state; None when there are none. No households of ours."""
    states = session.execute(
        select(
            MandateRequest.source,
            MandateRequest.state,
            func.count(),
            func.sum(MandateRequest.amount),
        )
        .where(MandateRequest.source.is_not(None))
        .group_by(MandateRequest.source, MandateRequest.state)
        .order_by(MandateRequest.source, MandateRequest.state)
    ).all()
    if not states:
        return None
    titles = {
        "paid": "Betaald",
        "draft": "Terug bij de vrager",
        "refused": "Geweigerd",
        "asked": "Wacht op antwoord",
        "approved": "Goedgekeurd",
        "payment_ordered": "Betaling gevraagd",
        "withdrawn": "Ingetrokken",
    }
    rows = tuple(
        Row(
            f"{source}:{state}",
            f"{titles.get(state, state)} ({source})",
            {"count": Cell(count), "euros": Cell(round((amount or 0) / 100))},
        )
        for source, state, count, amount in states
    )
    meaning = "Verzoeken uit ingelezen logboeken, naar hun laatste stand. Geen huishoudens van deze gemeente."
    return Table(
        Definition("approvals", "Ingelezen verzoeken", meaning),
        {"count": "Aantal", "euros": "Bedrag (euro)"},
        rows,
    )
