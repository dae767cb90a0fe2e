"""What my work is made of: of which of its many groups there is anything is asked first, of all at once.

Most groups are empty for nearly everybody, and a question that finds nothing costs as much as one that does.
"""

from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import Select

from wijkteam.access import sharing
from wijkteam.cases import queries as cases
from wijkteam.data_requests import queries as data_requests
from wijkteam.escalation import breakthroughs
from wijkteam.escalation import queries as escalations
from wijkteam.escalation import structural_queries as structurals
from wijkteam.escalation.model import Escalation
from wijkteam.letters import queries as letters
from wijkteam.mandate import queries as mandate
from wijkteam.mandate import register_queries
from wijkteam.mandate.model import MandateRequest
from wijkteam.objections import queries as objections
from wijkteam.search import doubles
from wijkteam.signals import queries as signals
from wijkteam.signals.model import ResidentSignal
from wijkteam.storage.asking import any_of, found_any, written_once
from wijkteam.terms import clock
from wijkteam.tracks import queries as tracks
from wijkteam.tracks.model import Track
from wijkteam.web.acting import house, reading, work
from wijkteam.zgw import queries as zgw


@written_once
def _any_of_mine(me: int, team_ids: Any, led: Any, today: date, *, reach: tuple[mandate.Reach, ...]) -> Select[Any]:
    return any_of(
        {
            "offered": cases.offered_to(me),
            "tracks": tracks.rows_of_worker(me),
            "escalations": escalations.rows_asked(),
            "asked_back": escalations.rows_asked_back(me),
            "my_escalations": escalations.rows_asked_by(me),
            "structurals": structurals.rows_open(),
            "breakthroughs": breakthroughs.rows_of_owner(me),
            "requests": mandate.rows_waiting(me, reach),
            "my_requests": mandate.unfinished_of(me),
            "signals": signals.rows_open(me, team_ids),
            "complaints": signals.rows_open_complaints(),
            "letters": letters.rows_to_send(me),
            "shared": sharing.rows_shared_with(me, today),
            "doubles": doubles.rows_unseen(me),
            "zaak_news": zgw.rows_unseen(me),
            "late_zaak_news": zgw.rows_late(me, led, today),
            "objections": objections.rows_open(),
            "data_requests": data_requests.rows_open(),
            "register_changes": register_queries.rows_proposed(),
        }
    )


class MyOwn:
    """What the signed-in person has of each group, looked up once for a page; of tracks `most` at most."""

    def __init__(self, most: int | None) -> None:
        self.shown, self.person, self.most = reading(), work().actor, most
        reach = mandate.reach_of(self.person, house().mandate_ladder)
        person, led = self.person, sorted(zgw.led_by(self.person))
        asked = _any_of_mine(person.person_id, sorted(person.team_ids), led, clock.today(), reach=reach)
        self.there = found_any(self.shown, asked)

    @cached_property
    def tracks(self) -> list[Track]:
        """Open tracks that I work on, by the date of their next step."""
        there = "tracks" in self.there
        return tracks.open_tracks_of(self.shown, self.person.person_id, self.most) if there else []

    @cached_property
    def escalations(self) -> list[Escalation]:
        """Open escalations that I asked, oldest first."""
        there = "my_escalations" in self.there
        return escalations.asked_by(self.shown, self.person.person_id) if there else []

    @cached_property
    def requests(self) -> list[MandateRequest]:
        """Mandate requests that I made and that have not ended, oldest first."""
        return mandate.requests_by(self.shown, self.person.person_id) if "my_requests" in self.there else []

    @cached_property
    def signals(self) -> list[ResidentSignal]:
        """Open signals of mine, oldest first."""
        return signals.signals_for(self.shown, self.person) if "signals" in self.there else []
