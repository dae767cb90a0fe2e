"""Residents' requests about their own data (AVG art. 15 to 22) and who reads them; when freed pages were written over."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

TABLE = "data_request"
READS = """
CREATE FUNCTION wijkteam_reads_data_request(which text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT EXISTS (SELECT FROM data_request r WHERE r.id = which AND (
        wijkteam_flag('oversees')
        OR coalesce(wijkteam_me() IN (r.received_by, r.handler_id, r.asked_id), false))) $$;
"""
BESIDE = {
    "event": "EXISTS (SELECT FROM data_request r WHERE r.id = subject_id) AND wijkteam_flag('oversees')",
    "deadline": "wijkteam_reads_data_request(subject_id)",
    "document": "wijkteam_reads_data_request(subject_id)",
}
"""What hangs under a request, in policies of their own beside those that were there: how it is handled is only read by
privacy officers."""


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.String(12), nullable=False),
        sa.Column("workflow_version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("previous_state", sa.String(40)),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("event_hash", sa.String(64), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("requester", sa.String(300)),
        sa.Column("contact", sa.String(300)),
        sa.Column("household_id", sa.Integer()),
        sa.Column("received_by", sa.Integer(), nullable=False),
        sa.Column("handler_id", sa.Integer()),
        sa.Column("identity_what", sa.Text()),
        sa.Column("identity_asked_on", sa.Date()),
        sa.Column("identity_by", sa.Date()),
        sa.Column("identity_how", sa.String(300)),
        sa.Column("identity_sure_on", sa.Date()),
        sa.Column("suspended_days", sa.Integer(), nullable=False),
        sa.Column("extended", sa.Boolean(), nullable=False),
        sa.Column("extended_why", sa.Text()),
        sa.Column("extended_told_on", sa.Date()),
        sa.Column("asked_id", sa.Integer()),
        sa.Column("question", sa.Text()),
        sa.Column("answer_by", sa.Date()),
        sa.Column("contribution", sa.Text()),
        sa.Column("contributed_on", sa.Date()),
        sa.Column("outcome", sa.String(20)),
        sa.Column("refusal_ground", sa.String(40)),
        sa.Column("what_was_done", sa.Text()),
        sa.Column("receivers_told", sa.Text()),
        sa.Column("answer", sa.Text()),
        sa.Column("decided_by", sa.Integer()),
        sa.Column("decided_at", sa.DateTime(timezone=True)),
        sa.Column("told_how", sa.String(20)),
        sa.Column("told_on", sa.Date()),
        sa.Column("why_not_told", sa.Text()),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint(
            "state <> 'told' OR (outcome IS NOT NULL AND answer IS NOT NULL AND told_on IS NOT NULL)",
            name=op.f("ck_data_request_told_means_told"),
        ),
        sa.CheckConstraint(
            "state <> 'not_told' OR why_not_told IS NOT NULL", name=op.f("ck_data_request_not_told_has_reason")
        ),
        sa.CheckConstraint(
            "state <> 'withdrawn' OR (answer IS NOT NULL AND told_on IS NOT NULL)",
            name=op.f("ck_data_request_withdrawn_told"),
        ),
        *(
            sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_data_request_{column}"))
            for column, target in (
                ("household_id", "household.id"),
                ("received_by", "person.id"),
                ("handler_id", "person.id"),
                ("asked_id", "person.id"),
                ("decided_by", "person.id"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_request")),
    )
    for column in ("asked_id", "handler_id", "household_id", "received_by", "state"):
        op.create_index(op.f(f"ix_data_request_{column}"), TABLE, [column], unique=False)
    op.create_table(
        "scrubbing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scrubbing")),
    )
    if op.get_bind().dialect.name == "postgresql":
        _let_read()


def _let_read() -> None:
    op.get_bind().exec_driver_sql(READS)
    op.get_bind().exec_driver_sql("SELECT wijkteam_let_read('data_request', 'wijkteam_reads_data_request(id)')")
    for table, rule in BESIDE.items():
        op.get_bind().exec_driver_sql(
            f"CREATE POLICY may_read_of_data_requests ON {table} FOR SELECT TO wijkteam_reader "
            f"USING (subject_kind = 'data_request' AND {rule})"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table in BESIDE:
            op.execute(f"DROP POLICY may_read_of_data_requests ON {table}")
    op.drop_table("scrubbing")
    op.drop_table(TABLE)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION wijkteam_reads_data_request(text)")
