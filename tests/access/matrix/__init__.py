"""Who may read what: every route by everybody in every relation to a case."""
