"""Moving in and out, relations and helpers, appointments with calendar addresses, and documents of a case."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("resident", sa.Column("lived_since", sa.Date()))
    op.add_column("resident", sa.Column("part_of_time", sa.String(300)))
    op.add_column("resident", sa.Column("left_on", sa.Date()))
    op.add_column("resident", sa.Column("where_to", sa.String(300)))
    _table(
        "same_person",
        [
            sa.Column("id", BIG, nullable=False),
            sa.Column("resident_id", sa.String(12), nullable=False),
            sa.Column("other_id", sa.String(12), nullable=False),
            sa.Column("noted_by", sa.Integer(), nullable=False),
            sa.Column("noted_at", MOMENT, nullable=False),
        ],
        {"resident_id": "resident", "other_id": "resident", "noted_by": "person"},
        ("resident_id", "other_id"),
    )
    _table(
        "helper",
        [
            *_subject(),
            sa.Column("household_id", sa.Integer(), nullable=False),
            sa.Column("kind", sa.String(40), nullable=False),
            sa.Column("name", sa.String(300)),
            sa.Column("organisation", sa.String(300)),
            sa.Column("does_what", sa.Text()),
            sa.Column("life_domain", sa.String(40)),
            sa.Column("reach", sa.String(300)),
            sa.Column("may_be_called", sa.Boolean(), nullable=False),
            sa.Column("since", sa.Date()),
            sa.Column("until", sa.Date()),
            sa.Column("added_by", sa.Integer(), nullable=False),
        ],
        {"household_id": "household", "added_by": "person"},
        ("household_id", "state"),
    )
    _table(
        "relation",
        [
            *_subject(),
            sa.Column("household_id", sa.Integer(), nullable=False),
            sa.Column("resident_id", sa.String(12), nullable=False),
            sa.Column("kind", sa.String(40), nullable=False),
            sa.Column("to_resident_id", sa.String(12)),
            sa.Column("to_helper_id", sa.String(12)),
            sa.Column("since", sa.Date()),
            sa.Column("ended_on", sa.Date()),
            sa.Column("how_ended", sa.String(40)),
            sa.Column("added_by", sa.Integer(), nullable=False),
            sa.CheckConstraint(
                "(to_resident_id IS NULL) <> (to_helper_id IS NULL)", name=op.f("ck_relation_relation_has_one_other")
            ),
        ],
        {
            "household_id": "household",
            "resident_id": "resident",
            "to_resident_id": "resident",
            "to_helper_id": "helper",
            "added_by": "person",
        },
        ("household_id", "state"),
    )
    _table(
        "appointment",
        [
            *_subject(),
            sa.Column("case_id", sa.String(12), nullable=False),
            sa.Column("goer_id", sa.Integer(), nullable=False),
            sa.Column("what_for", sa.String(300), nullable=False),
            sa.Column("with_whom", sa.String(300)),
            sa.Column("place", sa.String(300)),
            sa.Column("starts_at", MOMENT, nullable=False),
            sa.Column("minutes", sa.Integer(), nullable=False),
            sa.Column("is_next_step", sa.Boolean(), nullable=False),
            sa.Column("result", sa.Text()),
            sa.Column("ended_at", MOMENT),
            sa.CheckConstraint("minutes > 0", name=op.f("ck_appointment_appointment_lasts")),
        ],
        {"case_id": "household_case", "goer_id": "person"},
        ("case_id", "goer_id", "starts_at", "state"),
    )
    _table(
        "calendar_feed",
        [
            sa.Column("id", BIG, nullable=False),
            sa.Column("person_id", sa.Integer(), nullable=False),
            sa.Column("digest", sa.String(64), nullable=False),
            sa.Column("with_names", sa.Boolean(), nullable=False),
            sa.Column("made_at", MOMENT, nullable=False),
            sa.Column("ended_at", MOMENT),
            sa.Column("logged_at", MOMENT),
            sa.UniqueConstraint("digest", name=op.f("uq_calendar_feed_digest")),
        ],
        {"person_id": "person"},
        ("person_id",),
    )
    _table(
        "case_file",
        [
            *_subject(),
            sa.Column("case_id", sa.String(12), nullable=False),
            sa.Column("added_by", sa.Integer(), nullable=False),
            sa.Column("name", sa.String(200), nullable=False),
            sa.Column("why", sa.String(300)),
            sa.Column("digest", sa.String(64), nullable=False),
            sa.Column("removed_at", MOMENT),
        ],
        {"case_id": "household_case", "added_by": "person"},
        ("case_id", "state"),
    )
    if op.get_bind().dialect.name == "postgresql":
        _let_read()


def _subject() -> list[sa.Column]:
    return [
        sa.Column("id", sa.String(12), nullable=False),
        sa.Column("workflow_version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("previous_state", sa.String(40)),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("event_hash", sa.String(64), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("state_since", MOMENT, nullable=False),
    ]


def _table(name: str, columns: list, refers: dict[str, str], indexed: tuple[str, ...]) -> None:
    keys = [
        sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_{name}_{column}"))
        for column, table in refers.items()
    ]
    op.create_table(name, *columns, *keys, sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")))
    for column in indexed:
        op.create_index(op.f(f"ix_{name}_{column}"), name, [column])


RULES = {
    "resident": "wijkteam_reads_home(household_id)",
    "helper": "wijkteam_reads_home(household_id)",
    "relation": "wijkteam_reads_home(household_id)",
    "same_person": "wijkteam_reads_resident(resident_id) AND wijkteam_reads_resident(other_id)",
    "appointment": "wijkteam_reads_case(case_id, true)",
    "case_file": "wijkteam_reads_case(case_id, true)",
}
READS_RESIDENT = """
CREATE FUNCTION wijkteam_reads_resident(which text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT wijkteam_reads_home((SELECT household_id FROM resident WHERE id = which)) $$
"""
KINDS = (
    ("helper", "wijkteam_reads_home((SELECT household_id FROM helper WHERE id = which))"),
    ("relation", "wijkteam_reads_home((SELECT household_id FROM relation WHERE id = which))"),
    ("appointment", "wijkteam_reads_case((SELECT case_id FROM appointment WHERE id = which), true)"),
    ("case_file", "wijkteam_reads_case((SELECT case_id FROM case_file WHERE id = which), true)"),
)
ADD_TO_FUNCTION = """
DO $$
DECLARE
    was text := pg_get_functiondef('{function}'::regproc);
    made text := regexp_replace(was, '{before}', '{added}');
BEGIN
    IF made = was THEN
        RAISE EXCEPTION '{function} does not read as expected';
    END IF;
    EXECUTE made;
END $$
"""
"""Adds lines to a function as it stands, whichever kinds other migrations have added to it."""


def _let_read() -> None:
    run = op.get_bind().exec_driver_sql
    run(READS_RESIDENT)
    lines = " ".join(f"WHEN ''{kind}'' THEN {rule}" for kind, rule in KINDS)
    run(
        ADD_TO_FUNCTION.format(
            function="wijkteam_reads_subject", before="ELSE false END", added=f"{lines} ELSE false END"
        )
    )
    line = "WHEN ''case_file'' THEN (SELECT case_id FROM case_file WHERE id = which) END, true"
    run(ADD_TO_FUNCTION.format(function="wijkteam_reads_file", before="END, true", added=line))
    for table, rule in RULES.items():
        run(f"SELECT wijkteam_let_read('{table}', '{rule}')")


def downgrade() -> None:
    for table in ("case_file", "calendar_feed", "appointment", "relation", "helper", "same_person"):
        op.drop_table(table)
    for column in ("where_to", "left_on", "part_of_time", "lived_since"):
        op.drop_column("resident", column)
