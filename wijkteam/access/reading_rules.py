"""What a municipality decides about reading: who reads by being in the team, and who answers without the case."""

from pydantic import Field

from wijkteam.engine.definition import Name, Part

READS_BY_TEAM = frozenset({"best_person", "team_lead"})
"""Who reads all cases of their team, where a municipality says nothing else."""


class ReadingRules(Part):
    """The data file of reading; see workflows/access/reading.yaml."""

    access: Name = "reading"
    source: str = Field(default="local", min_length=1, max_length=300)
    reads_by_team: frozenset[Name] = READS_BY_TEAM
    """Functions whose holders read every case of the team in which they hold them."""
    answers_without_case: frozenset[Name] = frozenset({"bestuurder"})
    """Functions that answer an escalation or a request by what it says itself, and do not get the case for it."""
