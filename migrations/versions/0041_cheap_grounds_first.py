"""Policies look first at what costs nearly nothing: a case of one's own or of one's team.

A function that reads as the owner of the tables costs about a tenth of a millisecond a row. Most rows that a page asks
are of cases that their reader owns, or that are of their team; that is asked of the case itself. What a policy lets
through is what it let through before: each condition here is one that its function has too.
"""

from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

MINE = """c.protected_why IS NULL AND (coalesce(wijkteam_me() IN (c.owner_id, c.next_step_by, c.new_owner_id), false)
    OR c.team_id::text = ANY (wijkteam_list('teams')))"""
OF_CASE = (
    "agreement",
    "appointment",
    "approach",
    "case_file",
    "correction",
    "decision",
    "escalation",
    "goal",
    "guest_access",
    "legal_term",
    "letter",
    "mandate",
    "mandate_request",
    "measurement",
    "named_reader",
    "objection",
    "plan_consent",
    "plan_line",
    "possible_double",
    "quote",
    "zaak",
    "zaak_news",
)
OF_HOUSEHOLD = ("helper", "relation", "resident")
OF_SUBJECT = ("deadline", "event")


def _rules() -> dict[str, tuple[str, str]]:
    """Of each table what is asked first, and how the rest of its rule follows: as another way in, or in its place."""
    found = {"household_case": (MINE.replace("c.", ""), "OR")}
    found["household"] = ("EXISTS (SELECT FROM household_case c WHERE c.household_id = household.id)", "OR")
    found["track"] = ("EXISTS (SELECT FROM household_case c WHERE c.id = track.case_id)", "")
    for table in OF_CASE:
        found[table] = (f"EXISTS (SELECT FROM household_case c WHERE c.id = {table}.case_id AND {MINE})", "OR")  # nosec B608
    for table in OF_HOUSEHOLD:
        home = f"c.household_id = {table}.household_id"
        found[table] = (f"EXISTS (SELECT FROM household_case c WHERE {home} AND {MINE})", "OR")  # nosec B608
    for table in OF_SUBJECT:
        case = f"EXISTS (SELECT FROM household_case c WHERE c.id = {table}.subject_id)"  # nosec B608
        found[table] = (f"CASE WHEN subject_kind = 'household_case' THEN {case} ELSE", "END")
    return found


def upgrade() -> None:
    bind = op.get_bind()
    if bind.dialect.name != "postgresql":
        return
    for table, (first, joint) in _rules().items():
        before = bind.exec_driver_sql(
            "SELECT qual FROM pg_policies WHERE schemaname = current_schema() AND tablename = %s "
            "AND policyname = 'may_read'",
            (table,),
        ).scalar_one()
        rule = {"OR": f"({first}) OR {before}", "": first, "END": f"{first} {before} END"}[joint]
        bind.exec_driver_sql(f"ALTER POLICY may_read ON {table} USING ({rule})".replace("%", "%%"))
