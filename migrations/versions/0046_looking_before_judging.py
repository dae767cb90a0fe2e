"""What is found is judged only where it can be read at all: by what its case says, or by a ground that was looked up.

Most of what answers to a word in a city is of other teams, and judging one costs as much as finding twenty. `besides`
are the cases that the reader reads by another ground than what the case itself says; it only narrows what is judged.
"""

from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

FOUND = """
CREATE FUNCTION wijkteam_may_be_read(c household_case, besides text[]) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT coalesce(wijkteam_me() IN (c.owner_id, c.next_step_by, c.new_owner_id), false)
        OR c.team_id::text = ANY (wijkteam_list('teams')) OR c.id = ANY (besides) $$;
CREATE FUNCTION wijkteam_found(question text, besides text[]) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER ROWS 50 SET search_path FROM CURRENT AS $$
    SELECT e.id FROM search_entry e
        WHERE array_to_tsvector(string_to_array(e.terms, ' ')) @@ question::tsquery
        AND CASE WHEN e.person_id IS NOT NULL OR e.signal_id IS NOT NULL OR coalesce(
            (SELECT wijkteam_may_be_read(c, besides) FROM household_case c WHERE c.id = e.case_id),
            (SELECT bool_or(wijkteam_may_be_read(c, besides)) FROM household_case c
                WHERE c.household_id = e.household_id))
        THEN wijkteam_reads_entry(e) ELSE false END $$;
"""


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.get_bind().exec_driver_sql(FOUND.replace("%", "%%"))
