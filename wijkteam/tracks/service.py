"""What can be done with tracks: beginning one; every other step is one of its workflow."""

from dataclasses import dataclass
from datetime import date

from wijkteam.storage.subject import new_id
from wijkteam.storage.work import Work
from wijkteam.tracks.model import Track


@dataclass(frozen=True)
class NewTrack:
    """A life domain, a goal and a next step; `worker` left out means the acting person."""

    case_id: str
    team_id: int
    life_domain: str
    goal: str
    next_step: str
    next_step_on: date | str
    worker: int | str | None = None


def begin_track(work: Work, new: NewTrack, track_id: str | None = None) -> Track:
    """Begin a track beside the others of the case. Raises WrongFields or Refused; Blocked when the case has ended."""
    with work.transaction() as session:
        track = Track(id=track_id or new_id(), case_id=new.case_id, team_id=new.team_id)
        with session.no_autoflush:
            work.open(
                track,
                {
                    "life_domain": new.life_domain,
                    "goal": new.goal,
                    "worker": new.worker,
                    "next_step": new.next_step,
                    "next_step_on": new.next_step_on,
                },
            )
            session.add(track)
        return track
