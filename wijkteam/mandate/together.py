"""Answering several requests at once, where they are alike."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from wijkteam.engine.fields import WrongFields
from wijkteam.engine.running import Refused
from wijkteam.engine.vocabulary import Reason
from wijkteam.mandate import queries
from wijkteam.mandate.model import MandateRequest
from wijkteam.storage.work import Work

TOGETHER = ("approve", "decide", "refuse")
"""What can be done with several requests at once."""
MOST = 50


@dataclass(frozen=True)
class Ticked:
    """A request that is to be answered, in the version that was looked at."""

    request_id: str
    version: int | None


@dataclass(frozen=True)
class Outcome:
    """What came of one of them: done, or why not and who can."""

    request_id: str
    refusal: Reason | None = None
    nearest: Reason | None = None


def answer_together(work: Work, ticked: Sequence[Ticked], transition: str, given: Mapping[str, str]) -> list[Outcome]:
    """Take the same step with each, every one in a transaction of its own; what one refuses stops no other.

    Raises WrongFields, before anything is done, where nothing was ticked, where they are not about the same power,
    and where an answer is missing.
    """
    _check_alike(work, ticked, transition)
    outcomes = []
    for each in ticked:
        try:
            work.act_on(MandateRequest, each.request_id, transition, dict(given), each.version)
        except Refused as refused:
            outcomes.append(Outcome(each.request_id, refused.reason, refused.nearest))
        else:
            outcomes.append(Outcome(each.request_id))
    return outcomes


def _check_alike(work: Work, ticked: Sequence[Ticked], transition: str) -> None:
    if transition not in TOGETHER:
        raise WrongFields.of("transition", "Dit kan niet met meer verzoeken tegelijk.", "Not for several at once.")
    if not ticked:
        raise WrongFields.of("request", "Kies eerst een of meer verzoeken.", "Choose one or more requests first.")
    if len(ticked) > MOST:
        raise WrongFields.of("request", f"Kies hooguit {MOST} verzoeken.", f"Choose at most {MOST} requests.")
    found = [queries.find_request(work.session, each.request_id) for each in ticked]
    if len({request.power for request in found if request is not None}) > 1:
        raise WrongFields.of("request", "Kies verzoeken die over hetzelfde gaan.", "Choose requests that are alike.")
