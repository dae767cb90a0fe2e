"""Where each kind of subject has its page: the endpoint, and the argument that takes its id."""

from collections.abc import Callable
from typing import Any

from flask import url_for

HERE = "-id-"
"""Stands where an id comes; no id has a sign in it that an address would have to write otherwise."""

LINKS = {
    "household_case": ("cases.page", "case_id"),
    "appointment": ("appointments.page", "appointment_id"),
    "quote": ("quotes.page", "quote_id"),
    "track": ("tracks.page", "track_id"),
    "legal_term": ("legal_terms.page", "term_id"),
    "escalation": ("escalations.page", "escalation_id"),
    "letter": ("letters.page", "letter_id"),
    "objection": ("objections.page", "objection_id"),
    "structural_escalation": ("patterns.page", "structural_id"),
    "breakthrough": ("breakthroughs.page", "breakthrough_id"),
    "backing": ("backings.page", "backing_id"),
    "mandate_request": ("requests.page", "request_id"),
    "resident_signal": ("signals.page", "signal_id"),
    "conduct_complaint": ("complaints.page", "complaint_id"),
    "register_change": ("register_changes.page", "change_id"),
    "break_glass": ("break_glass.page", "glass_id"),
    "guest_access": ("sharing.page", "share_id"),
    "full_export": ("leaving.page", "export_id"),
    "destruction_list": ("retention.page", "list_id"),
    "data_request": ("data_requests.page", "request_id"),
    "correction": ("corrections.page", "correction_id"),
    "goal": ("plan.goal", "goal_id"),
    "plan_consent": ("plan.of_consent", "consent_id"),
    "measurement": ("measuring.one", "measurement_id"),
}


def way_to(endpoint: str, argument: str, anchor: str | None = None) -> Callable[[str], str]:
    """What gives the address of a page by the id of its subject, for lists: it is made as dearly as one address."""
    given: dict[str, Any] = {argument: HERE}
    before, _here, after = url_for(endpoint, _anchor=anchor, **given).partition(HERE)
    return lambda subject_id: f"{before}{subject_id}{after}"
