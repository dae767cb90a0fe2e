"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision: str = "0001"
down_revision: str | None = None

TABLES = (
    "function",
    "person",
    "power",
    "team",
    "held_function",
    "team_area",
    "wijk",
    "buurt",
    "household",
    "household_case",
    "reading",
    "mandate",
    "mandate_request",
    "decision",
    "log_deviation",
    "resident_signal",
    "escalation",
    "deadline",
    "notice",
    "event",
)

ONLY_ERASURE = """
    NEW.payload IS NULL AND NEW.id = OLD.id AND NEW.hash = OLD.hash AND NEW.payload_digest = OLD.payload_digest
    AND NEW.previous_hash = OLD.previous_hash AND NEW.sequence = OLD.sequence
    AND NEW.subject_id = OLD.subject_id AND NEW.subject_kind = OLD.subject_kind
"""


def upgrade() -> None:
    """Make all tables, and keep events from being altered."""
    _people_and_powers()
    _areas_and_cases()
    _mandate()
    _escalations_and_signals()
    _events_and_deadlines()
    if op.get_bind().dialect.name == "postgresql":
        _keep_events_on_postgresql()
    else:
        _keep_events_on_sqlite()


def downgrade() -> None:
    """Drop all tables."""
    for table in reversed(TABLES):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION keep_event()")


def _keep_events_on_sqlite() -> None:
    op.execute(
        "CREATE TRIGGER event_never_deleted BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'events are never deleted'); END"
    )
    op.execute(
        f"CREATE TRIGGER event_never_altered BEFORE UPDATE ON event WHEN NOT ({ONLY_ERASURE}) BEGIN SELECT RAISE(ABORT, 'events are never altered'); END"
    )


def _keep_events_on_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION keep_event() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF TG_OP = 'DELETE' THEN RAISE EXCEPTION 'events are never deleted'; END IF; "
        f"IF NOT ({ONLY_ERASURE}) THEN RAISE EXCEPTION 'events are never altered'; END IF; "
        "RETURN NEW; END $$"
    )
    op.execute("CREATE TRIGGER event_kept BEFORE UPDATE OR DELETE ON event FOR EACH ROW EXECUTE FUNCTION keep_event()")


def _people_and_powers() -> None:
    op.create_table(
        "function",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("title_nl", sa.String(length=120), nullable=False),
        sa.Column("title_en", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_function")),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("civil_servant", sa.Boolean(), nullable=False),
        sa.Column("employer", sa.String(length=120), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("email", name=op.f("uq_person_email")),
    )
    op.create_table(
        "power",
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("title_nl", sa.String(length=200), nullable=False),
        sa.Column("title_en", sa.String(length=200), nullable=False),
        sa.Column("with_amount", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_power")),
    )
    op.create_table(
        "team",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team")),
        sa.UniqueConstraint("name", name=op.f("uq_team_name")),
    )
    op.create_table(
        "held_function",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("function", sa.String(length=40), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["function"], ["function.code"], name=op.f("fk_held_function_function")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_held_function_person_id")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_held_function_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_held_function")),
    )
    op.create_index("ix_held_function_function_team_id", "held_function", ["function", "team_id"], unique=False)
    op.create_index(op.f("ix_held_function_person_id"), "held_function", ["person_id"], unique=False)
    op.create_table(
        "team_area",
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("wijk_code", sa.String(length=8), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_team_area_team_id")),
        sa.PrimaryKeyConstraint("team_id", "wijk_code", name=op.f("pk_team_area")),
    )


def _areas_and_cases() -> None:
    op.create_table(
        "wijk",
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("municipality_code", sa.String(length=6), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_wijk")),
    )
    op.create_table(
        "buurt",
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("wijk_code", sa.String(length=8), nullable=False),
        sa.Column("geometry", sa.JSON(), nullable=False),
        sa.Column("longitude", sa.Double(), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["wijk_code"], ["wijk.code"], name=op.f("fk_buurt_wijk_code")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_buurt")),
    )
    op.create_index(op.f("ix_buurt_wijk_code"), "buurt", ["wijk_code"], unique=False)
    op.create_table(
        "household",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("who_or_where", sa.String(length=300), nullable=False),
        sa.Column("buurt_code", sa.String(length=10), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["buurt_code"], ["buurt.code"], name=op.f("fk_household_buurt_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_household")),
    )
    op.create_index(op.f("ix_household_buurt_code"), "household", ["buurt_code"], unique=False)
    op.create_table(
        "household_case",
        sa.Column("household_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("new_owner_id", sa.Integer(), nullable=True),
        sa.Column("what_is_going_on", sa.Text(), nullable=False),
        sa.Column("next_step", sa.Text(), nullable=False),
        sa.Column("next_step_by", sa.Integer(), nullable=False),
        sa.Column("next_step_on", sa.Date(), nullable=False),
        sa.Column("safety", sa.Text(), nullable=True),
        sa.Column("question", sa.Text(), nullable=True),
        sa.Column("strengths", sa.Text(), nullable=True),
        sa.Column("plan", sa.Text(), nullable=True),
        sa.Column("waiting_for", sa.Text(), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("outcome_reason", sa.Text(), nullable=True),
        sa.Column("outcome_words", sa.Text(), nullable=True),
        sa.Column("outcome_barrier", sa.String(length=40), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.String(length=12), nullable=False),
        sa.Column("workflow_version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("previous_state", sa.String(length=40), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("event_hash", sa.String(length=64), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state = 'closed' OR (owner_id IS NOT NULL AND next_step <> '' AND next_step_by IS NOT NULL AND next_step_on IS NOT NULL)",
            name=op.f("ck_household_case_open_case_has_next_step"),
        ),
        sa.ForeignKeyConstraint(["household_id"], ["household.id"], name=op.f("fk_household_case_household_id")),
        sa.ForeignKeyConstraint(["new_owner_id"], ["person.id"], name=op.f("fk_household_case_new_owner_id")),
        sa.ForeignKeyConstraint(["next_step_by"], ["person.id"], name=op.f("fk_household_case_next_step_by")),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_household_case_owner_id")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_household_case_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_household_case")),
    )
    op.create_index(op.f("ix_household_case_household_id"), "household_case", ["household_id"], unique=False)
    op.create_index(op.f("ix_household_case_outcome"), "household_case", ["outcome"], unique=False)
    op.create_index(op.f("ix_household_case_owner_id"), "household_case", ["owner_id"], unique=False)
    op.create_index(op.f("ix_household_case_state"), "household_case", ["state"], unique=False)
    op.create_index(op.f("ix_household_case_team_id"), "household_case", ["team_id"], unique=False)
    op.create_table(
        "reading",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.String(length=12), nullable=False),
        sa.Column("ground", sa.String(length=20), nullable=False),
        sa.Column("what", sa.String(length=60), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["household_case.id"], name=op.f("fk_reading_case_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_reading_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reading")),
    )
    op.create_index("ix_reading_case_id_at", "reading", ["case_id", "at"], unique=False)
    op.create_index(op.f("ix_reading_person_id"), "reading", ["person_id"], unique=False)


def _mandate() -> None:
    op.create_table(
        "mandate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("power", sa.String(length=60), nullable=False),
        sa.Column("legal_ground", sa.String(length=200), nullable=False),
        sa.Column("body", sa.String(length=60), nullable=False),
        sa.Column("function", sa.String(length=40), nullable=False),
        sa.Column("ceiling_per_decision", sa.BigInteger(), nullable=True),
        sa.Column("ceiling_per_household", sa.BigInteger(), nullable=True),
        sa.Column("colleagues_needed", sa.Integer(), nullable=False),
        sa.Column("civil_servant_only", sa.Boolean(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("conditions", sa.Text(), nullable=True),
        sa.Column("publication", sa.String(length=200), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["function"], ["function.code"], name=op.f("fk_mandate_function")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_mandate_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mandate")),
        sa.UniqueConstraint("number", name=op.f("uq_mandate_number")),
    )
    op.create_index("ix_mandate_power_function", "mandate", ["power", "function"], unique=False)
    op.create_table(
        "mandate_request",
        sa.Column("case_id", sa.String(length=12), nullable=True),
        sa.Column("household_id", sa.Integer(), nullable=True),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("requester_id", sa.Integer(), nullable=False),
        sa.Column("power", sa.String(length=60), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("rung", sa.Integer(), nullable=False),
        sa.Column("agreed_by", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_amount", sa.BigInteger(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("source", sa.String(length=60), nullable=True),
        sa.Column("source_number", sa.String(length=60), nullable=True),
        sa.Column("id", sa.String(length=12), nullable=False),
        sa.Column("workflow_version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("previous_state", sa.String(length=40), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("event_hash", sa.String(length=64), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount IS NULL OR amount > 0", name=op.f("ck_mandate_request_amount_above_zero")),
        sa.CheckConstraint(
            "decided_by IS NULL OR decided_by <> requester_id",
            name=op.f("ck_mandate_request_never_own_request"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["household_case.id"], name=op.f("fk_mandate_request_case_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_mandate_request_decided_by")),
        sa.ForeignKeyConstraint(["household_id"], ["household.id"], name=op.f("fk_mandate_request_household_id")),
        sa.ForeignKeyConstraint(["power"], ["power.code"], name=op.f("fk_mandate_request_power")),
        sa.ForeignKeyConstraint(["requester_id"], ["person.id"], name=op.f("fk_mandate_request_requester_id")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_mandate_request_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mandate_request")),
    )
    op.create_index(op.f("ix_mandate_request_case_id"), "mandate_request", ["case_id"], unique=False)
    op.create_index(op.f("ix_mandate_request_requester_id"), "mandate_request", ["requester_id"], unique=False)
    op.create_index(op.f("ix_mandate_request_source"), "mandate_request", ["source"], unique=False)
    op.create_index(op.f("ix_mandate_request_state"), "mandate_request", ["state"], unique=False)
    op.create_index(op.f("ix_mandate_request_team_id"), "mandate_request", ["team_id"], unique=False)
    op.create_table(
        "decision",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("power", sa.String(length=60), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("case_id", sa.String(length=12), nullable=True),
        sa.Column("household_id", sa.Integer(), nullable=True),
        sa.Column("request_id", sa.String(length=12), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mandate_id", sa.Integer(), nullable=False),
        sa.Column("mandate_text", sa.Text(), nullable=False),
        sa.Column("body", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["household_case.id"], name=op.f("fk_decision_case_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_decision_decided_by")),
        sa.ForeignKeyConstraint(["household_id"], ["household.id"], name=op.f("fk_decision_household_id")),
        sa.ForeignKeyConstraint(["mandate_id"], ["mandate.id"], name=op.f("fk_decision_mandate_id")),
        sa.ForeignKeyConstraint(["request_id"], ["mandate_request.id"], name=op.f("fk_decision_request_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
    )
    op.create_index(op.f("ix_decision_case_id"), "decision", ["case_id"], unique=False)
    op.create_index(op.f("ix_decision_decided_at"), "decision", ["decided_at"], unique=False)
    op.create_index("ix_decision_household_power", "decision", ["household_id", "power", "decided_at"], unique=False)
    op.create_index(op.f("ix_decision_request_id"), "decision", ["request_id"], unique=False)
    op.create_table(
        "log_deviation",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("source", sa.String(length=60), nullable=False),
        sa.Column("source_number", sa.String(length=60), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("activity", sa.String(length=120), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("cause", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_deviation")),
        sa.UniqueConstraint("source", "source_number", "step", name=op.f("uq_log_deviation_source_source_number_step")),
    )


def _escalations_and_signals() -> None:
    op.create_table(
        "resident_signal",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("resident", sa.String(length=300), nullable=True),
        sa.Column("contact", sa.String(length=300), nullable=True),
        sa.Column("buurt_code", sa.String(length=10), nullable=True),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("received_by", sa.Integer(), nullable=False),
        sa.Column("handler_id", sa.Integer(), nullable=True),
        sa.Column("what_was_done", sa.Text(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("told_how", sa.String(length=40), nullable=True),
        sa.Column("told_on", sa.Date(), nullable=True),
        sa.Column("why_not_told", sa.Text(), nullable=True),
        sa.Column("id", sa.String(length=12), nullable=False),
        sa.Column("workflow_version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("previous_state", sa.String(length=40), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("event_hash", sa.String(length=64), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state <> 'cannot_be_told' OR why_not_told IS NOT NULL",
            name=op.f("ck_resident_signal_not_told_has_reason"),
        ),
        sa.CheckConstraint(
            "state <> 'told' OR (answer IS NOT NULL AND told_on IS NOT NULL)",
            name=op.f("ck_resident_signal_told_means_told"),
        ),
        sa.ForeignKeyConstraint(["buurt_code"], ["buurt.code"], name=op.f("fk_resident_signal_buurt_code")),
        sa.ForeignKeyConstraint(["handler_id"], ["person.id"], name=op.f("fk_resident_signal_handler_id")),
        sa.ForeignKeyConstraint(["received_by"], ["person.id"], name=op.f("fk_resident_signal_received_by")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_resident_signal_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resident_signal")),
    )
    op.create_index(op.f("ix_resident_signal_buurt_code"), "resident_signal", ["buurt_code"], unique=False)
    op.create_index(op.f("ix_resident_signal_handler_id"), "resident_signal", ["handler_id"], unique=False)
    op.create_index(op.f("ix_resident_signal_state"), "resident_signal", ["state"], unique=False)
    op.create_index(op.f("ix_resident_signal_team_id"), "resident_signal", ["team_id"], unique=False)
    op.create_table(
        "escalation",
        sa.Column("case_id", sa.String(length=12), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("barrier", sa.String(length=40), nullable=False),
        sa.Column("remedy", sa.String(length=40), nullable=True),
        sa.Column("safety_at_stake", sa.Boolean(), nullable=False),
        sa.Column("ladder", sa.String(length=40), nullable=False),
        sa.Column("rung", sa.Integer(), nullable=False),
        sa.Column("highest_rung", sa.Integer(), nullable=False),
        sa.Column("rung_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("respond_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("agreed_step", sa.Text(), nullable=True),
        sa.Column("agreed_on", sa.Date(), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.String(length=12), nullable=False),
        sa.Column("workflow_version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("previous_state", sa.String(length=40), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("event_hash", sa.String(length=64), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state <> 'asked' OR respond_by IS NOT NULL", name=op.f("ck_escalation_asked_has_respond_by")
        ),
        sa.CheckConstraint("state IN ('resolved', 'withdrawn') OR rung >= 1", name=op.f("ck_escalation_open_has_rung")),
        sa.ForeignKeyConstraint(["answered_by"], ["person.id"], name=op.f("fk_escalation_answered_by")),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("fk_escalation_asked_by")),
        sa.ForeignKeyConstraint(["case_id"], ["household_case.id"], name=op.f("fk_escalation_case_id")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_escalation_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_escalation")),
    )
    op.create_index(op.f("ix_escalation_barrier"), "escalation", ["barrier"], unique=False)
    op.create_index(op.f("ix_escalation_case_id"), "escalation", ["case_id"], unique=False)
    op.create_index(op.f("ix_escalation_state"), "escalation", ["state"], unique=False)
    op.create_index("ix_escalation_state_rung", "escalation", ["state", "rung"], unique=False)


def _events_and_deadlines() -> None:
    op.create_table(
        "deadline",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fired", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadline")),
    )
    op.create_index(
        "ix_deadline_open_due",
        "deadline",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index("ix_deadline_subject", "deadline", ["subject_id", "ended_at"], unique=False)
    op.create_table(
        "notice",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.String(length=12), nullable=False),
        sa.Column("about", sa.String(length=60), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_notice_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
    )
    op.create_index("ix_notice_person_id_read_at", "notice", ["person_id", "read_at"], unique=False)
    op.create_table(
        "event",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.String(length=12), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("state_from", sa.String(length=40), nullable=True),
        sa.Column("state_to", sa.String(length=40), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("mandate_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("payload", sa.Text(), nullable=True),
        sa.Column("payload_digest", sa.String(length=64), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name=op.f("fk_event_actor_id")),
        sa.ForeignKeyConstraint(["mandate_id"], ["mandate.id"], name=op.f("fk_event_mandate_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
        sa.UniqueConstraint(
            "subject_kind", "subject_id", "sequence", name=op.f("uq_event_subject_kind_subject_id_sequence")
        ),
    )
    op.create_index("ix_event_at", "event", ["at"], unique=False)
    op.create_index("ix_event_name_at", "event", ["subject_kind", "name", "at"], unique=False)
