"""By which rule a load is weighed: given weights with their source, from a data file."""

from pydantic import Field

from wijkteam.engine.definition import Name, Part

FILE = "caseload.yaml"


class CaseloadRule(Part):
    """The data file of the caseload; see workflows/figures/caseload.yaml."""

    figures: Name = "caseload"
    source: str = Field(default="local", min_length=1, max_length=300)
    coming_days: int = Field(default=7, ge=0, le=366)
    """How many days ahead somebody is told that something is about to run late."""
    case: float = Field(default=1.0, ge=0, le=100)
    states: dict[Name, float] = Field(default_factory=dict)
    """Weight of an open case by its state; of a state that is not named it is `case`."""
    open_track_in_case: float = Field(default=0.0, ge=0, le=100)
    open_escalation: float = Field(default=0.0, ge=0, le=100)
    safety_at_stake: float = Field(default=0.0, ge=0, le=100)
    own_track: float = Field(default=0.0, ge=0, le=100)
    signal: float = Field(default=0.0, ge=0, le=100)

    def of_state(self, state: str) -> float:
        """What a case in this state counts for."""
        return self.states.get(state, self.case)
