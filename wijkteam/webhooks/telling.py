"""What is told of a step: a CloudEvent (1.0, NL GOV profile) with an id and a link, and nothing of a household.

Thin on purpose: a receiver that may know more asks the API with a token of its own, so that the wall decides, and the
reading is logged. `source` is a URN of the namespace nld, `type` is in reverse DNS notation, as the profile asks.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from wijkteam.terms.words import Words
from wijkteam.webhooks.model import WebhookDelivery

KINDS: Mapping[str, Words] = {
    "household_case": Words("Casussen", "Cases"),
    "escalation": Words("Opschalingen", "Escalations"),
    "structural_escalation": Words("Structurele opschalingen", "Structural escalations"),
    "mandate_request": Words("Mandaatverzoeken", "Mandate requests"),
    "objection": Words("Bezwaren", "Objections"),
    "resident_signal": Words("Signalen van bewoners", "Signals of residents"),
    "breakthrough": Words("Doorbraken", "Breakthroughs"),
    "register_change": Words("Wijzigingen van het register", "Changes of the register"),
}
"""What can be told of. All else is not: complaints about conduct, broken glass, corrections, residents, readers."""
NEVER = frozenset({"protect", "unprotect", "name_reader", "remove_reader"})
"""Steps that would tell that a case is, or was, extra protected."""
COLLECTIONS: Mapping[str, str] = {
    "household_case": "cases",
    "escalation": "escalations",
    "structural_escalation": "structural-escalations",
    "mandate_request": "mandate-requests",
    "resident_signal": "signals",
    "breakthrough": "breakthroughs",
}
"""Where the API has them, for those that it has."""
PREFIX = "nl.wijkteam"
MEDIA_TYPE = "application/cloudevents+json; charset=utf-8"


@dataclass(frozen=True)
class Sender:
    """Who tells: its source as a URN, and the public address to which links lead."""

    source: str
    address: str | None = None


def as_event(delivery: WebhookDelivery, sender: Sender) -> dict[str, Any]:
    """The event of one delivery, the same however often it is made."""
    kind, subject = delivery.subject_kind, delivery.subject_id
    told: dict[str, Any] = {
        "specversion": "1.0",
        "id": str(uuid5(NAMESPACE_URL, f"{sender.source}/{kind}/{subject}/{delivery.sequence}")),
        "source": sender.source,
        "type": f"{PREFIX}.{kind.replace('_', '-')}.{delivery.name.replace('_', '-')}",
        "subject": subject,
        "time": delivery.at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "subjectversion": delivery.sequence,
    }
    if sender.address is not None and kind in COLLECTIONS:
        told["dataref"] = f"{sender.address}/api/v1/{COLLECTIONS[kind]}/{subject}"
    return told
