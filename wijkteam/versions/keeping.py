"""Keeping definitions: each version is stored when it is first served, and never changes once it is used."""

import hashlib
import json
from collections.abc import Iterable, Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from wijkteam.engine.checks.names import check_vocabulary
from wijkteam.engine.checks.surroundings import Surroundings
from wijkteam.engine.definition import Workflow
from wijkteam.engine.loading import Examined, WrongDefinition, shaped
from wijkteam.engine.outcomes import Blocked, Step
from wijkteam.engine.reading import Document, Finding
from wijkteam.engine.vocabulary import Reason, Vocabulary
from wijkteam.storage.subject import SubjectColumns
from wijkteam.storage.work import Work
from wijkteam.terms import clock
from wijkteam.versions.model import StoredDefinition

CHANGED = Reason(
    "Deze werkwijze is intussen veranderd. Vraag de beheerder om wijkteam opnieuw te starten.",
    "This workflow has been changed meanwhile; wijkteam has to be started again.",
)


def stored_definitions(session: Session) -> list[Workflow]:
    """Every version that was ever served on this database. Raises WrongDefinition when one was altered since."""
    rows = session.scalars(select(StoredDefinition).order_by(StoredDefinition.name, StoredDefinition.version))
    return [_read(row) for row in rows]


def stored_definition(session: Session, name: str, version: int, around: Surroundings) -> Workflow | None:
    """One stored version; None when there is none.

    Raises WrongDefinition when it was altered, or names what this release does not have.
    """
    row = session.get(StoredDefinition, (name, version))
    if row is None:
        return None
    found = _read(row)
    wrong = list(_names_gone(found, around))
    if wrong:
        raise WrongDefinition(wrong)
    return found


def _read(row: StoredDefinition) -> Workflow:
    document = Document(f"database: {row.name} version {row.version}")
    if hashlib.sha256(row.content.encode()).hexdigest() != row.content_hash:
        wrong = f"{row.name} version {row.version} was altered after it was stored"
        finding = document.finding("altered-in-store", (), wrong, "restore the table workflow_definition from a backup")
        raise WrongDefinition([finding])
    document.data = json.loads(row.content)
    found = shaped(document, Workflow)
    if found is None:
        raise WrongDefinition(document.findings)
    return found


def is_used(session: Session, name: str, version: int) -> bool:
    """Whether any subject, running or ended, stands on this version."""
    model = SubjectColumns.kinds.get(name)
    if model is None:
        return False
    found = select(model.id).where(model.workflow_version == version).limit(1)
    return session.scalar(found) is not None


def changed_in_use(session: Session, examined: Examined) -> list[Finding]:
    """The definitions that say something else than what subjects already run on."""
    found = []
    stored = {(row.name, row.version): row.content_hash for row in session.scalars(select(StoredDefinition))}
    for workflow in examined.workflows:
        key = (workflow.workflow, workflow.version)
        if key in stored and stored[key] != workflow.content_hash() and is_used(session, *key):
            wrong = f"{key[0]} version {key[1]} is in use and may not change"
            right = f"put it back and write the change as version {_free_version(stored, key[0])}"
            found.append(examined.documents[key].finding("changed-in-use", ("version",), wrong, right))
    return found


def _free_version(stored: Iterable[tuple[str, int]], name: str) -> int:
    return max(version for each, version in stored if each == name) + 1


def keep_definitions(work: Work, examined: Examined, around: Surroundings) -> list[Workflow]:
    """Store what is new and return what only the database still knows and subjects stand on.

    Raises WrongDefinition when a version in use was changed, was altered, or names what is no longer there.
    """
    session = work.session
    if _fresh(session, examined):
        with work.transaction():
            session.execute(select(StoredDefinition.name).with_for_update())
            _store(session, examined)
    here = {_key(each) for each in examined.workflows}
    older = [each for each in stored_definitions(session) if _key(each) not in here and is_used(session, *_key(each))]
    session.rollback()
    wrong = [finding for each in older for finding in _names_gone(each, around)]
    if wrong:
        raise WrongDefinition(wrong)
    return older


def _names_gone(workflow: Workflow, around: Surroundings) -> Iterator[Finding]:
    document = Document(f"database: {workflow.workflow} version {workflow.version}")
    vocabulary = around.vocabulary(workflow.subject)
    if vocabulary is not None:
        for each in check_vocabulary(workflow, vocabulary):
            yield document.finding(each.kind, each.path, each.wrong, each.right)


def _fresh(session: Session, examined: Examined) -> list[Workflow]:
    rows = {(row.name, row.version): row.content_hash for row in session.scalars(select(StoredDefinition))}
    return [each for each in examined.workflows if rows.get(_key(each)) != each.content_hash()]


def _store(session: Session, examined: Examined) -> None:
    wrong = changed_in_use(session, examined)
    if wrong:
        raise WrongDefinition(wrong)
    for workflow in _fresh(session, examined):
        session.merge(
            StoredDefinition(
                name=workflow.workflow,
                version=workflow.version,
                content_hash=workflow.content_hash(),
                content=workflow.as_json(),
                stored_at=clock.now(),
            )
        )


class VersionJournal:
    """Lets a subject begin on a version, or move to it, only when what runs here is what is stored under that number.

    A version that nothing ran on yet may have been changed since this process read it.
    """

    def __init__(self) -> None:
        self._cannot_change: set[tuple[str, int]] = set()

    def record(self, step: Step, vocabulary: Vocabulary) -> None:
        """Keep the version from changing until the caller's transaction ends. Raises Blocked when it was changed."""
        key = _key(step.workflow)
        if (step.state_from is not None and not step.migrated) or key in self._cannot_change:
            return
        session: Session = step.situation.work.session
        stored = select(StoredDefinition.content_hash).where(
            StoredDefinition.name == key[0], StoredDefinition.version == key[1]
        )
        with session.no_autoflush:
            if session.scalar(stored.with_for_update(read=True)) != step.workflow.content_hash():
                raise Blocked(CHANGED)
            if is_used(session, *key):
                self._cannot_change.add(key)


def _key(workflow: Workflow) -> tuple[str, int]:
    return workflow.workflow, workflow.version
