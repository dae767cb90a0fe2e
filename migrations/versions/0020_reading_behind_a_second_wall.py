"""A role that reads only what its reader may read: row level security on PostgreSQL, beside what pages ask.

The reader is told by settings of one transaction (wijkteam.me and so on); without them nothing is there. A later
migration opens a table of its own with `SELECT wijkteam_let_read(table, rule, columns to leave out)`, where the rule
is a condition on a row, or NULL for a table that everyone may read. A table that is not opened stays closed.
"""

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

ROLE = """
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'wijkteam_reader') THEN
        CREATE ROLE wijkteam_reader NOLOGIN;
    END IF;
    IF NOT pg_has_role(current_user, 'wijkteam_reader', 'MEMBER') THEN
        EXECUTE format('GRANT wijkteam_reader TO %I', current_user);
    END IF;
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO wijkteam_reader', current_schema());
EXCEPTION
    WHEN duplicate_object OR unique_violation THEN NULL;
    WHEN insufficient_privilege THEN
        RAISE EXCEPTION 'the role wijkteam_reader is missing; let a DBA run: CREATE ROLE wijkteam_reader NOLOGIN; GRANT wijkteam_reader TO %;', current_user;
END $$
"""

LET_READ = """
CREATE FUNCTION wijkteam_let_read(opened text, rule text DEFAULT NULL, but text[] DEFAULT '{}') RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    shown text;
BEGIN
    SELECT string_agg(quote_ident(attname), ', ') INTO shown FROM pg_attribute
        WHERE attrelid = opened::regclass AND attnum > 0 AND NOT attisdropped AND attname <> ALL (but);
    EXECUTE format('REVOKE ALL ON %I FROM wijkteam_reader', opened);
    EXECUTE format('GRANT SELECT (%s) ON %I TO wijkteam_reader', shown, opened);
    EXECUTE format('DROP POLICY IF EXISTS may_read ON %I', opened);
    IF rule IS NOT NULL THEN
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', opened);
        EXECUTE format('CREATE POLICY may_read ON %I FOR SELECT TO wijkteam_reader USING (%s)', opened, rule);
    END IF;
END $$
"""

SETTINGS = """
CREATE FUNCTION wijkteam_number(name text) RETURNS integer LANGUAGE sql STABLE AS $$
    SELECT nullif(current_setting('wijkteam.' || name, true), '')::integer $$;
CREATE FUNCTION wijkteam_flag(name text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT coalesce(current_setting('wijkteam.' || name, true) = 'true', false) $$;
CREATE FUNCTION wijkteam_list(name text) RETURNS text[] LANGUAGE sql STABLE AS $$
    SELECT coalesce(nullif(current_setting('wijkteam.' || name, true), ''), '{}')::text[] $$;
CREATE FUNCTION wijkteam_me() RETURNS integer LANGUAGE sql STABLE AS $$
    SELECT nullif(current_setting('wijkteam.me', true), '')::integer $$;
"""

PUT = """
CREATE FUNCTION wijkteam_is_put(e escalation, as_case text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT e.state NOT IN ('resolved', 'withdrawn') AND (
        wijkteam_number(as_case || 'climb_from') <= e.highest_rung
        OR format('%s/%s', e.team_id, e.highest_rung) = ANY (wijkteam_list(as_case || 'climb_places'))
        OR format('%s/%s', e.team_id, e.rung) = ANY (wijkteam_list(as_case || 'answers'))) $$;
CREATE FUNCTION wijkteam_is_asked(r mandate_request, as_case text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT CASE
        WHEN r.state = 'payment_ordered' THEN
            wijkteam_flag('pays_all') OR coalesce(r.team_id::text = ANY (wijkteam_list('pay_teams')), false)
        WHEN r.state IN ('asked', 'asked_back') THEN
            wijkteam_number(as_case || 'mandate_from') <= r.rung
            OR coalesce(r.team_id || '/' || r.rung = ANY (wijkteam_list(as_case || 'mandate_places')), false)
        ELSE false END $$;
CREATE FUNCTION wijkteam_is_kept_from(o objection) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT wijkteam_me()::text = ANY (string_to_array(o.kept_from, ',')) $$;
CREATE FUNCTION wijkteam_handles(o objection) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT wijkteam_flag('handles_all') OR o.team_id::text = ANY (wijkteam_list('handle_teams')) $$;
CREATE FUNCTION wijkteam_hears(o objection) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT NOT wijkteam_is_kept_from(o) AND (
        wijkteam_handles(o) OR (o.state = 'heard' AND wijkteam_flag('judges'))
        OR coalesce(wijkteam_me() IN (o.handler_id, o.decided_by), false)) $$;
"""

DEFINER = "RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT"

READS = """
CREATE FUNCTION wijkteam_reads_case(which text, in_full boolean) AS_OWNER AS $$
    SELECT EXISTS (SELECT FROM household_case c WHERE c.id = which AND CASE
        WHEN c.protected_why IS NOT NULL THEN
            EXISTS (SELECT FROM named_reader n WHERE n.case_id = c.id AND n.person_id = wijkteam_me())
        ELSE coalesce(wijkteam_me() IN (c.owner_id, c.next_step_by), false)
            OR coalesce(c.new_owner_id = wijkteam_me(), false)
            OR c.team_id::text = ANY (wijkteam_list('teams'))
            OR EXISTS (SELECT FROM track t
                WHERE t.case_id = c.id AND t.worker_id = wijkteam_me() AND t.ended_at IS NULL)
            OR EXISTS (SELECT FROM escalation e WHERE e.case_id = c.id AND wijkteam_is_put(e, 'case_'))
            OR EXISTS (SELECT FROM mandate_request r WHERE r.case_id = c.id AND wijkteam_is_asked(r, 'case_'))
            OR EXISTS (SELECT FROM objection o
                WHERE o.case_id = c.id AND o.state NOT IN ('decided', 'withdrawn') AND NOT wijkteam_is_kept_from(o)
                AND ((o.handler_id = wijkteam_me() AND wijkteam_handles(o))
                    OR (o.state = 'heard' AND wijkteam_flag('judges'))))
            OR (NOT in_full AND EXISTS (SELECT FROM guest_access g
                WHERE g.case_id = c.id AND g.person_id = wijkteam_me() AND g.state = 'in_force'
                AND current_setting('wijkteam.today', true)::date BETWEEN g.first_day AND g.last_day))
            OR EXISTS (SELECT FROM break_glass b
                WHERE b.case_id = c.id AND b.person_id = wijkteam_me() AND b.state = 'in_force'
                AND b.until > current_setting('wijkteam.now', true)::timestamptz)
        END) $$;
CREATE FUNCTION wijkteam_was_told(kind text, which text) AS_OWNER AS $$
    SELECT EXISTS (SELECT FROM notice n
        WHERE n.person_id = wijkteam_me() AND n.subject_kind = kind AND n.subject_id = which) $$;
CREATE FUNCTION wijkteam_reads_escalation(which text) AS_OWNER AS $$
    SELECT EXISTS (SELECT FROM escalation e WHERE e.id = which AND (
        wijkteam_is_put(e, '') OR wijkteam_reads_case(e.case_id, true)
        OR (e.state IN ('resolved', 'withdrawn') AND wijkteam_was_told('escalation', e.id)))) $$;
CREATE FUNCTION wijkteam_reads_structural(which text) AS_OWNER AS $$
    SELECT EXISTS (SELECT FROM structural_escalation s WHERE s.id = which AND (
        s.asked_by = wijkteam_me() OR wijkteam_flag('on_ladder')
        OR wijkteam_was_told('structural_escalation', s.id)
        OR EXISTS (SELECT FROM structural_behind b
            JOIN escalation e ON e.id = b.escalation_id JOIN household_case c ON c.id = e.case_id
            WHERE b.structural_id = s.id AND wijkteam_me() IN (e.asked_by, c.owner_id)))) $$;
CREATE FUNCTION wijkteam_reads_backing(which text) AS_OWNER AS $$
    SELECT EXISTS (SELECT FROM backing b WHERE b.id = which AND (
        coalesce(wijkteam_me() IN (b.given_by, b.given_to), false)
        OR wijkteam_reads_case(b.case_id, true) OR wijkteam_reads_structural(b.structural_id)
        OR EXISTS (SELECT FROM structural_behind l JOIN escalation e ON e.id = l.escalation_id
            WHERE l.structural_id = b.structural_id AND wijkteam_reads_case(e.case_id, true)))) $$;
CREATE FUNCTION wijkteam_reads_request(which text) AS_OWNER AS $$
    SELECT EXISTS (SELECT FROM mandate_request r WHERE r.id = which AND (
        coalesce(wijkteam_me() IN (r.requester_id, r.decided_by), false)
        OR wijkteam_is_asked(r, '') OR wijkteam_reads_case(r.case_id, true))) $$;
CREATE FUNCTION wijkteam_hears_objection(which text) AS_OWNER AS $$
    SELECT EXISTS (SELECT FROM objection o WHERE o.id = which AND wijkteam_hears(o)) $$;
CREATE FUNCTION wijkteam_reads_objection(which text) AS_OWNER AS $$
    SELECT EXISTS (SELECT FROM objection o
        WHERE o.id = which AND (wijkteam_hears(o) OR wijkteam_reads_case(o.case_id, true))) $$;
CREATE FUNCTION wijkteam_reads_signal(which text) AS_OWNER AS $$
    SELECT EXISTS (SELECT FROM resident_signal s WHERE s.id = which AND (
        s.team_id::text = ANY (wijkteam_list('all_teams'))
        OR coalesce(wijkteam_me() IN (s.handler_id, s.received_by), false))) $$;
CREATE FUNCTION wijkteam_reads_decision(which bigint) AS_OWNER AS $$
    SELECT EXISTS (SELECT FROM decision d WHERE d.id = which AND (
        wijkteam_reads_case(d.case_id, true)
        OR EXISTS (SELECT FROM objection o WHERE o.decision_id = d.id AND wijkteam_hears(o)))) $$;
CREATE FUNCTION wijkteam_reads_household(which integer) AS_OWNER AS $$
    SELECT EXISTS (SELECT FROM household_case c WHERE c.household_id = which AND wijkteam_reads_case(c.id, false))
        OR EXISTS (SELECT FROM objection o WHERE o.household_id = which AND wijkteam_hears(o)) $$;
CREATE FUNCTION wijkteam_reads_home(which integer) AS_OWNER AS $$
    SELECT EXISTS (SELECT FROM household_case c WHERE c.household_id = which AND wijkteam_reads_case(c.id, true)) $$;
"""

SUBJECTS = """
CREATE FUNCTION wijkteam_reads_subject(kind text, which text, in_full boolean) AS_OWNER AS $$
    SELECT CASE kind
        WHEN 'household_case' THEN wijkteam_reads_case(which, false)
        WHEN 'track' THEN wijkteam_reads_case((SELECT case_id FROM track WHERE id = which), false)
        WHEN 'legal_term' THEN wijkteam_reads_case((SELECT case_id FROM legal_term WHERE id = which), true)
        WHEN 'letter' THEN wijkteam_reads_case((SELECT case_id FROM letter WHERE id = which), true)
        WHEN 'escalation' THEN wijkteam_reads_escalation(which)
        WHEN 'structural_escalation' THEN wijkteam_reads_structural(which)
        WHEN 'backing' THEN wijkteam_reads_backing(which)
        WHEN 'mandate_request' THEN wijkteam_reads_request(which)
        WHEN 'objection' THEN CASE WHEN in_full THEN wijkteam_hears_objection(which)
            ELSE wijkteam_reads_objection(which) END
        WHEN 'resident_signal' THEN wijkteam_reads_signal(which)
        WHEN 'breakthrough' THEN EXISTS (SELECT FROM breakthrough WHERE id = which) AND wijkteam_me() IS NOT NULL
        WHEN 'register_change' THEN EXISTS (SELECT FROM register_change WHERE id = which) AND wijkteam_me() IS NOT NULL
        WHEN 'break_glass' THEN EXISTS (SELECT FROM break_glass WHERE id = which AND person_id = wijkteam_me())
        WHEN 'guest_access' THEN EXISTS (SELECT FROM guest_access
            WHERE id = which AND (person_id = wijkteam_me() OR wijkteam_reads_case(case_id, true)))
        WHEN 'resident' THEN wijkteam_reads_home((SELECT household_id FROM resident WHERE id = which))
        WHEN 'correction' THEN wijkteam_reads_case((SELECT case_id FROM correction WHERE id = which), true)
        ELSE false END $$;
CREATE FUNCTION wijkteam_reads_file(kind text, which text) AS_OWNER AS $$
    SELECT wijkteam_reads_case(CASE kind
        WHEN 'escalation' THEN (SELECT case_id FROM escalation WHERE id = which)
        WHEN 'letter' THEN (SELECT case_id FROM letter WHERE id = which) END, true) $$;
"""

OPEN = (
    "absence",
    "breakthrough",
    "buurt",
    "deputy",
    "function",
    "held_function",
    "power",
    "register_change",
    "team",
    "team_area",
    "wijk",
    "workflow_definition",
)
RULES = {
    "household_case": "wijkteam_reads_case(id, false)",
    "household": "wijkteam_reads_household(id)",
    "track": "wijkteam_reads_case(case_id, false)",
    "legal_term": "wijkteam_reads_case(case_id, true)",
    "letter": "wijkteam_reads_case(case_id, true)",
    "correction": "wijkteam_reads_case(case_id, true)",
    "resident": "wijkteam_reads_home(household_id)",
    "escalation": "wijkteam_reads_escalation(id)",
    "structural_behind": "wijkteam_reads_escalation(escalation_id)",
    "structural_escalation": "wijkteam_reads_structural(id)",
    "backing": "wijkteam_reads_backing(id)",
    "mandate_request": "wijkteam_reads_request(id)",
    "objection": "wijkteam_reads_objection(id)",
    "resident_signal": "wijkteam_reads_signal(id)",
    "decision": "wijkteam_reads_decision(id)",
    "mandate": "case_id IS NULL OR person_id = wijkteam_me() OR wijkteam_reads_case(case_id, true)",
    "named_reader": "person_id = wijkteam_me() OR wijkteam_reads_case(case_id, true)",
    "guest_access": "person_id = wijkteam_me() OR wijkteam_reads_case(case_id, true)",
    "break_glass": "person_id = wijkteam_me()",
    "notice": "person_id = wijkteam_me()",
    "mail_preference": "person_id = wijkteam_me()",
    "event": "wijkteam_reads_subject(subject_kind, subject_id, true)",
    "deadline": "wijkteam_reads_subject(subject_kind, subject_id, false)",
    "document": "wijkteam_reads_file(subject_kind, subject_id)",
}


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    for statement in (ROLE, LET_READ, SETTINGS, PUT, READS, SUBJECTS):
        op.get_bind().exec_driver_sql(
            statement.replace("AS_OWNER", DEFINER).replace("%", "%%")
        )  # the driver's own sign
    for table in OPEN:
        _let_read(table)
    _let_read("person", but="{password_hash}")
    for table, rule in RULES.items():
        _let_read(table, rule)


def _let_read(table: str, rule: str | None = None, but: str = "{}") -> None:
    told = "NULL" if rule is None else f"'{rule}'"
    op.get_bind().exec_driver_sql(f"SELECT wijkteam_let_read('{table}', {told}, '{but}')")
