"""Pictures of what was reckoned: each with its table, and one sentence of what is to be seen in two languages."""
