"""Who may open which report: decided here and nowhere else, by the functions that people hold."""

ESCALATION_REPORT = frozenset({"bestuurder", "manager", "process_director", "team_lead"})
"""What blocks our people, where, for how long."""

WORKFLOW_HISTORY = ESCALATION_REPORT | {"functional_administrator", "privacy_officer"}
"""How a workflow runs: how many pass, how long they stay, where they stick."""

WHAT_IF = frozenset({"bestuurder", "manager", "functional_administrator"})
"""What another mandate register would have brought, and at what price."""

EVENT_LOG = frozenset({"bestuurder", "functional_administrator"})
"""The events of all cases under pseudonyms, in a file: personal data that leave the house, so very few."""
