"""What each page of the household's side is in the API: the name of its operation, or why there is none, in words."""

ELSEWHERE = "Stands with the pages about households, until those are told apart."
PAGES_HOUSEHOLD: dict[str, str] = dict.fromkeys(
    (
        *("appointments.feed", "appointments.make", "appointments.mine", "appointments.one", "appointments.page"),
        *("appointments.step", "break_glass.ask", "break_glass.listing", "break_glass.new", "break_glass.page"),
        *("break_glass.step", "case_files.add", "case_files.download", "case_files.remove", "cases.ask_mandate"),
        *("cases.begin_track_in", "cases.escalate_case", "cases.new", "cases.page", "cases.put_away_double"),
        *("cases.start_legal_term_in", "cases.step", "cases.team", "corrections.ask", "corrections.listing"),
        *("corrections.page", "corrections.step", "deciding.decide", "deciding.page", "household.add"),
        *("household.add_relation", "household.helper_page", "household.step_helper", "household.step_relation"),
        *("legal_terms.page", "legal_terms.step", "letters.page", "letters.pdf", "letters.step", "measuring.new"),
        *("measuring.one", "measuring.step", "objections.listing", "objections.page", "objections.step"),
        *("people_finding.page", "plan.add_approach", "plan.add_consent", "plan.add_goal", "plan.add_plan_line"),
        *("plan.agree_for_goal", "plan.agree_on_safety", "plan.goal", "plan.goal_step", "plan.of_consent"),
        *("plan.outcome", "plan.part_step", "plan.printed", "plan.track_for_goal", "protection.listing"),
        *("protection.page", "protection.step", "public_signals.act", "public_signals.following"),
        *("public_signals.give", "public_signals.rights", "quotes.mine", "quotes.page", "quotes.step"),
        *("quotes.write", "residents.add", "residents.elsewhere", "residents.give_bsn", "residents.look_up"),
        *("residents.page", "residents.reveal_bsn", "residents.step", "search.page", "sharing.listing"),
        *("sharing.new", "sharing.page", "sharing.step", "signals.listing", "signals.page", "signals.step"),
        *("tracks.page", "tracks.step"),
    ),
    ELSEWHERE,
)
