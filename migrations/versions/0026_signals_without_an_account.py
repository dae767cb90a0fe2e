"""Signals that residents give and follow themselves, and complaints about conduct."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

NEW = (
    sa.Column("language", sa.String(10)),
    sa.Column("words_in_dutch", sa.Text()),
    sa.Column("followed", sa.Boolean(), nullable=False, server_default=sa.false()),
    sa.Column("promised_action", sa.Text()),
    sa.Column("promised_by", sa.String(300)),
    sa.Column("promised_on", sa.Date()),
    sa.Column("rung", sa.Integer()),
    sa.Column("why_not_a_signal", sa.Text()),
    sa.Column("judgement", sa.String(20)),
    sa.Column("judged_why", sa.Text()),
)
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
DEFINER = "RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT"
READS_SIGNAL = """
CREATE OR REPLACE FUNCTION wijkteam_reads_signal(which text) AS_OWNER AS $$
    SELECT EXISTS (SELECT FROM resident_signal s WHERE s.id = which AND (
        s.team_id::text = ANY (wijkteam_list('all_teams'))
        OR coalesce(s.handler_id = wijkteam_me(), false) OR coalesce(s.received_by = wijkteam_me(), false)
        OR (s.state = 'not_helped' AND coalesce(s.team_id || '/' || s.rung = ANY (wijkteam_list('answers')), false)))) $$;
CREATE FUNCTION wijkteam_reads_complaint(which text) AS_OWNER AS $$
    SELECT EXISTS (SELECT FROM conduct_complaint c WHERE c.id = which
        AND coalesce(c.about_id <> wijkteam_me(), true)
        AND (wijkteam_flag('complaints')
            OR coalesce(c.handler_id = wijkteam_me(), false) OR coalesce(c.received_by = wijkteam_me(), false))) $$;
"""
SUBJECTS = """
DO $do$
DECLARE
    told text := pg_get_functiondef('wijkteam_reads_subject(text,text,boolean)'::regprocedure);
BEGIN
    EXECUTE replace(told, 'WHEN ''resident_signal''',
        'WHEN ''conduct_complaint'' THEN wijkteam_reads_complaint(which) WHEN ''resident_signal''');
END $do$
"""


def upgrade() -> None:
    with op.batch_alter_table("resident_signal") as table:
        for column in NEW:
            table.add_column(column)
        table.alter_column("received_by", existing_type=sa.Integer(), nullable=True)
    _complaints()
    op.create_table(
        "follow_code",
        sa.Column("id", KEY, nullable=False),
        sa.Column("subject_kind", sa.String(40), nullable=False),
        sa.Column("subject_id", sa.String(12), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_code")),
        sa.UniqueConstraint("digest", name=op.f("uq_follow_code_digest")),
        sa.UniqueConstraint("subject_kind", "subject_id", name=op.f("uq_follow_code_subject_kind_subject_id")),
    )
    op.create_table(
        "public_try",
        sa.Column("id", KEY, nullable=False),
        sa.Column("place", sa.String(64), nullable=False),
        sa.Column("purpose", sa.String(10), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_public_try")),
    )
    op.create_index("ix_public_try_place_purpose_at", "public_try", ["place", "purpose", "at"])
    op.create_index(op.f("ix_public_try_at"), "public_try", ["at"])
    if op.get_bind().dialect.name == "postgresql":
        _let_read()


def _complaints() -> None:
    op.create_table(
        "conduct_complaint",
        sa.Column("id", sa.String(12), nullable=False),
        sa.Column("workflow_version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("previous_state", sa.String(40)),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("event_hash", sa.String(64), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("language", sa.String(10)),
        sa.Column("words_in_dutch", sa.Text()),
        sa.Column("about_whom", sa.String(300)),
        sa.Column("resident", sa.String(300)),
        sa.Column("contact", sa.String(300)),
        sa.Column("buurt_code", sa.String(10)),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("received_by", sa.Integer()),
        sa.Column("followed", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("about_id", sa.Integer()),
        sa.Column("handler_id", sa.Integer()),
        sa.Column("confirmed_on", sa.Date()),
        sa.Column("copy_sent_on", sa.Date()),
        sa.Column("hearing_on", sa.Date()),
        sa.Column("hearing_how", sa.String(300)),
        sa.Column("hearing_waived", sa.String(40)),
        sa.Column("hearing_report", sa.Text()),
        sa.Column("findings", sa.Text()),
        sa.Column("conclusion", sa.String(40)),
        sa.Column("measures", sa.Text()),
        sa.Column("not_handled_ground", sa.String(40)),
        sa.Column("not_handled_why", sa.Text()),
        sa.Column("judgement", sa.String(20)),
        sa.Column("judged_why", sa.Text()),
        sa.CheckConstraint(
            "state NOT IN ('found', 'told') OR (findings IS NOT NULL AND conclusion IS NOT NULL)",
            name=op.f("ck_conduct_complaint_told_means_found"),
        ),
        sa.CheckConstraint(
            "state <> 'not_handled' OR not_handled_ground IS NOT NULL",
            name=op.f("ck_conduct_complaint_not_handled_has_ground"),
        ),
        sa.CheckConstraint(
            "handler_id IS NULL OR about_id IS NULL OR handler_id <> about_id",
            name=op.f("ck_conduct_complaint_handled_by_another"),
        ),
        sa.ForeignKeyConstraint(["buurt_code"], ["buurt.code"], name=op.f("fk_conduct_complaint_buurt_code")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_conduct_complaint_team_id")),
        *(
            sa.ForeignKeyConstraint([column], ["person.id"], name=op.f(f"fk_conduct_complaint_{column}"))
            for column in ("received_by", "about_id", "handler_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conduct_complaint")),
    )
    for column in ("state", "buurt_code", "team_id", "about_id", "handler_id"):
        op.create_index(op.f(f"ix_conduct_complaint_{column}"), "conduct_complaint", [column])


def _let_read() -> None:
    """Complaints by their own rule; codes and tries stay closed."""
    for statement in (READS_SIGNAL.replace("AS_OWNER", DEFINER), SUBJECTS):
        op.get_bind().exec_driver_sql(statement.replace("%", "%%"))
    for table, rule in (
        ("resident_signal", "wijkteam_reads_signal(id)"),
        ("conduct_complaint", "wijkteam_reads_complaint(id)"),
    ):
        op.get_bind().exec_driver_sql(f"SELECT wijkteam_let_read('{table}', '{rule}')")
