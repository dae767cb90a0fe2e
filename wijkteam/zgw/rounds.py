"""Everything that the worker does for the case system, in its order: telling, taking in, looking, and notifying."""

from collections.abc import Callable, Iterator
from typing import Protocol

from wijkteam.signals.table import SignalTable
from wijkteam.storage.work import Work
from wijkteam.zgw.looking import look_round
from wijkteam.zgw.mapping import ZgwMapping
from wijkteam.zgw.notifying import notify_round
from wijkteam.zgw.publishing import publish_round
from wijkteam.zgw.taking import take_round
from wijkteam.zgw.talking import CaseSystem


class Did(Protocol):
    """What a round did, with a line that says it."""

    @property
    def done(self) -> bool:
        """Whether there was anything to do."""
        ...


def zaken_rounds(
    work: Work,
    mapping: ZgwMapping,
    system: CaseSystem,
    table: SignalTable,
    stopped: Callable[[], bool] = lambda: False,
) -> Iterator[Did]:
    """Do one round of each, and say of each what it did."""
    yield publish_round(work, mapping, system, stopped)
    yield take_round(work, mapping, system, table, stopped)
    yield look_round(work, mapping, system, stopped)
    yield notify_round(work, mapping, system, stopped)
