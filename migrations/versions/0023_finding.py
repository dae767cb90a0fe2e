"""What people want to help with, who asked before a request was handed over, and an index to find cases, signals and people by: FTS5 on SQLite, GIN on PostgreSQL.

On PostgreSQL a policy keeps the database from using an index for a reader, for it may not look before it has judged.
So a function that runs as the owner looks first and judges what it found, and gives only what the reader may read.
The index is empty afterwards: `wijkteam search rebuild` fills it on a database that has a past.
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

FTS5 = """
CREATE VIRTUAL TABLE search_match USING fts5(
    terms, content='search_entry', content_rowid='id', tokenize="unicode61 remove_diacritics 0 tokenchars '_'");
CREATE TRIGGER search_entry_added AFTER INSERT ON search_entry BEGIN
    INSERT INTO search_match(rowid, terms) VALUES (new.id, new.terms); END;
CREATE TRIGGER search_entry_gone AFTER DELETE ON search_entry BEGIN
    INSERT INTO search_match(search_match, rowid, terms) VALUES ('delete', old.id, old.terms); END;
CREATE TRIGGER search_entry_changed AFTER UPDATE ON search_entry BEGIN
    INSERT INTO search_match(search_match, rowid, terms) VALUES ('delete', old.id, old.terms);
    INSERT INTO search_match(rowid, terms) VALUES (new.id, new.terms); END
"""

POSTGRESQL = """
CREATE INDEX ix_search_entry_terms ON search_entry USING gin (array_to_tsvector(string_to_array(terms, ' ')));
CREATE FUNCTION wijkteam_reads_entry(e search_entry) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT CASE
        WHEN e.person_id IS NOT NULL THEN wijkteam_me() IS NOT NULL
        WHEN e.case_id IS NOT NULL THEN wijkteam_reads_case(e.case_id, true)
        WHEN e.household_id IS NOT NULL THEN wijkteam_reads_home(e.household_id)
        WHEN e.signal_id IS NOT NULL THEN wijkteam_reads_signal(e.signal_id)
        ELSE false END $$;
CREATE FUNCTION wijkteam_found(question text) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT e.id FROM search_entry e
        WHERE array_to_tsvector(string_to_array(e.terms, ' ')) @@ question::tsquery AND wijkteam_reads_entry(e) $$;
SELECT wijkteam_let_read('search_entry', 'wijkteam_reads_entry(search_entry)');
SELECT wijkteam_let_read('person_offer');
SELECT wijkteam_let_read('possible_double', 'wijkteam_reads_case(case_id, true)');
SELECT wijkteam_let_read('mandate_request', 'wijkteam_reads_request(id)')
"""


def upgrade() -> None:
    op.add_column("mandate_request", sa.Column("former_requesters", sa.Text(), nullable=False, server_default=""))
    op.create_table(
        "person_offer",
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id"), primary_key=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("life_domains", sa.String(300), nullable=False),
        sa.Column("languages", sa.String(300), nullable=False),
        sa.Column("reach", sa.String(300), nullable=False),
    )
    number = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    op.create_table(
        "search_entry",
        sa.Column("id", number, primary_key=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("ref", sa.String(12), nullable=False),
        sa.Column("case_id", sa.String(12), sa.ForeignKey("household_case.id")),
        sa.Column("household_id", sa.Integer(), sa.ForeignKey("household.id")),
        sa.Column("signal_id", sa.String(12), sa.ForeignKey("resident_signal.id")),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id")),
        sa.Column("names", sa.Text(), nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.UniqueConstraint("kind", "ref", name="uq_search_entry_kind_ref"),
    )
    for column in ("case_id", "household_id", "signal_id", "person_id"):
        op.create_index(f"ix_search_entry_{column}", "search_entry", [column])
    op.create_table(
        "case_to_compare",
        sa.Column("case_id", sa.String(12), sa.ForeignKey("household_case.id"), primary_key=True),
    )
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "possible_double",
        sa.Column("id", number, primary_key=True),
        sa.Column("case_id", sa.String(12), sa.ForeignKey("household_case.id"), nullable=False),
        sa.Column("opened_by", sa.Integer(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("found_at", moment, nullable=False),
        sa.Column("seen_at", moment),
    )
    op.create_index("ix_possible_double_case_id", "possible_double", ["case_id"])
    bind = op.get_bind()
    if bind.dialect.name == "postgresql":
        bind.exec_driver_sql(POSTGRESQL)
        return
    # a trigger holds ; inside, so that each statement is sent by itself
    for statement in (
        FTS5.strip().replace("END;\n", "END;\n--next\n").replace("'_'\");\n", "'_'\");\n--next\n").split("--next\n")
    ):
        bind.exec_driver_sql(statement.strip().removesuffix(";"))
