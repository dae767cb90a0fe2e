"""What the workflow of quotes may name."""

from collections.abc import Callable, Mapping
from typing import Any

from wijkteam.cases.case_worker import WorksOn, case_worker
from wijkteam.engine.definition import Text
from wijkteam.engine.fields import WrongFields
from wijkteam.engine.vocabulary import Effect, Recipients, Role, Situation, Vocabulary, fields
from wijkteam.people import queries as people
from wijkteam.quotes.anonymising import known_names, without_names
from wijkteam.quotes.model import Quote

RESIDENT = "resident"
WRITER = Text(nl="wie het schreef", en="who wrote it")


class QuoteRules:
    """The rules of a quote: only who wrote it releases it; whoever works on the case can take it back."""

    def __init__(
        self, case_of: Callable[[Situation], Any], works_on: WorksOn, lists: Mapping[str, Mapping[str, Text]]
    ) -> None:
        self.case_of = case_of
        self.works_on = works_on
        self.lists = lists

    def vocabulary(self) -> Vocabulary:
        """All names for the workflow."""
        return Vocabulary(
            subject="quote",
            roles={
                "case_worker": case_worker(self.works_on, fields("best_person", "team_lead")),
                "writer": Role(
                    lambda situation: situation.actor.person_id == situation.subject.person_id,
                    lambda situation: people.name(situation.work.session, situation.subject.person_id),
                    WRITER,
                ),
            },
            recipients={"writer": Recipients(lambda situation: [situation.subject.person_id])},
            effects={
                "keep_quote": Effect(_keep_quote, fields("barrier"), needs=fields("said_by", "words")),
                "change_quote": Effect(_change_quote, fields("barrier"), needs=fields("words")),
                "release_quote": Effect(_release_quote, fields("agreed")),
                "empty_quote": Effect(_empty_quote),
            },
            lists=self.lists,
            needed=fields("release", "take_back", "released", "taken_back"),
            ends=fields("taken_back"),
            parent=self.case_of,
        )


def _keep_quote(situation: Situation) -> None:
    quote: Quote = situation.subject
    quote.person_id = situation.actor.person_id
    quote.said_by = situation.fields["said_by"]
    _change_quote(situation)


def _change_quote(situation: Situation) -> None:
    """What is kept is without names from the beginning, so that its writer sees what would stand in the report."""
    quote: Quote = situation.subject
    names = known_names(situation.work.session, quote.case_id)
    quote.words = without_names(situation.fields["words"], names)
    quote.barrier = situation.fields.get("barrier")


def _release_quote(situation: Situation) -> None:
    quote: Quote = situation.subject
    quote.agreed = situation.fields.get("agreed") if quote.said_by == RESIDENT else None
    if quote.said_by == RESIDENT and quote.agreed is None:
        raise WrongFields.of(
            "agreed", "Vraag eerst of de inwoner deze tekst goed vindt.", "First ask whether the resident agrees."
        )
    quote.released_at = situation.at


def _empty_quote(situation: Situation) -> None:
    quote: Quote = situation.subject
    quote.words = ""
    quote.ended_at = situation.at
