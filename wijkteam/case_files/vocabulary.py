"""What the workflow of documents of a case may name."""

from collections.abc import Callable
from typing import Any

from wijkteam.case_files.model import CaseFile
from wijkteam.cases.case_worker import WorksOn, case_worker
from wijkteam.engine.vocabulary import Effect, Situation, Vocabulary, fields

CaseOf = Callable[[Situation], Any]


class CaseFileRules:
    """The rules of a document within its case."""

    def __init__(self, case_of: CaseOf, works_on: WorksOn) -> None:
        self.case_of = case_of
        self.works_on = works_on

    def vocabulary(self) -> Vocabulary:
        """All names for the workflow."""
        return Vocabulary(
            subject="case_file",
            roles={"case_worker": case_worker(self.works_on, fields("best_person", "team_lead"))},
            effects={
                "keep_file": Effect(_keep_file, needs=fields("file_name", "digest", "why")),
                "remove_file": Effect(_remove_file),
            },
            needed=fields("remove"),
            ends=fields("removed"),
            parent=self.case_of,
        )


def _keep_file(situation: Situation) -> None:
    kept: CaseFile = situation.subject
    kept.added_by = situation.actor.person_id
    kept.name = situation.fields["file_name"]
    kept.digest = situation.fields["digest"]
    kept.why = situation.fields["why"]


def _remove_file(situation: Situation) -> None:
    situation.subject.removed_at = situation.at
