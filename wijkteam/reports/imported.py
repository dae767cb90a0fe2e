"""Requests that were read in from logs of others, as a table of the report."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from wijkteam.mandate.model import MandateRequest
from wijkteam.reports.figures import Cell, Definition, Row, Table
from wijkteam.terms.words import Language, Words

TITLES = {
    "paid": Words("Betaald", "Paid"),
    "draft": Words("Terug bij de vrager", "Back with the asker"),
    "refused": Words("Geweigerd", "Refused"),
    "asked": Words("Wacht op antwoord", "Waits for an answer"),
    "approved": Words("Goedgekeurd", "Approved"),
    "payment_ordered": Words("Betaling gevraagd", "Payment asked"),
    "withdrawn": Words("Ingetrokken", "Withdrawn"),
}
TITLE = Words("Ingelezen verzoeken", "Requests that were read in")
MEANING = Words(
    "Verzoeken uit ingelezen logboeken, naar hun laatste stand. Geen huishoudens van deze gemeente.",
    "Requests from logs that were read in, by their last state. No households of this municipality.",
)
NUMBER, AMOUNT = Words("Aantal", "Number"), Words("Bedrag (euro)", "Amount (euro)")


def imported_requests(session: Session, tongue: Language = "nl") -> Table | None:
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

    def said(words: Words) -> str:
        return words.en if tongue == "en" else words.nl

    rows = tuple(
        Row(
            f"{source}:{state}",
            f"{said(TITLES[state]) if state in TITLES else state} ({source})",
            {"count": Cell(count), "euros": Cell(round((amount or 0) / 100))},
        )
        for source, state, count, amount in states
    )
    return Table(
        Definition("approvals", said(TITLE), said(MEANING)),
        {"count": said(NUMBER), "euros": said(AMOUNT)},
        rows,
    )
