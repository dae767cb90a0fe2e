"""Moving running subjects to another version: first shown, then done one by one."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select

from wijkteam.engine.definition import Workflow
from wijkteam.engine.nearest import one_of
from wijkteam.engine.running import Stale, UnknownWorkflow
from wijkteam.engine.vocabulary import Reason
from wijkteam.storage.subject import SubjectColumns
from wijkteam.storage.work import Work

EXAMPLES = 3
BATCH = 500
TRIES = 3


class WrongMigration(Exception):
    """The migration as asked for makes no sense."""


@dataclass(frozen=True)
class Wish:
    """Which subjects are to move: of which workflow, from which version to which, and where old states go."""

    name: str
    from_version: int
    to_version: int
    renamed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Group:
    """Running subjects in one state, and where they would go; `why_not` says why they cannot."""

    state: str
    to_state: str | None
    count: int
    examples: tuple[str, ...]
    why_not: str | None = None


@dataclass
class Migrated:
    """What a migration did."""

    moved: int = 0
    cannot: int = 0


@dataclass(frozen=True)
class _Place:
    """Where a subject stands, as the engine needs it to say where it would go."""

    name: str
    state: str
    previous_state: str | None

    def workflow_name(self) -> str:
        return self.name


def check_wish(work: Work, wish: Wish) -> tuple[Workflow, Workflow]:
    """Both versions. Raises WrongMigration when there is nothing to move, or a state is not known."""
    if wish.name not in SubjectColumns.kinds:
        raise WrongMigration(f"there is no workflow '{wish.name}'; {one_of(wish.name, SubjectColumns.kinds)}")
    if wish.from_version == wish.to_version:
        raise WrongMigration("--from and --to are the same version")
    try:
        old = work.engine.workflow(wish.name, wish.from_version)
        new = work.engine.workflow(wish.name, wish.to_version)
    except UnknownWorkflow as unknown:
        known = [str(each.version) for each in work.engine.workflows() if each.workflow == wish.name]
        raise WrongMigration(f"{unknown}; there are: {', '.join(known)}") from unknown
    for old_state, new_state in wish.renamed.items():
        if old_state not in old.states:
            raise WrongMigration(
                f"--map: version {old.version} has no state '{old_state}'; {one_of(old_state, old.states)}"
            )
        if new_state not in new.states:
            raise WrongMigration(
                f"--map: version {new.version} has no state '{new_state}'; {one_of(new_state, new.states)}"
            )
    return old, new


def plan(work: Work, wish: Wish) -> list[Group]:
    """Who would move where, and who cannot and why; nothing is changed. Ended subjects stay where they are.

    Raises WrongMigration.
    """
    old, _ = check_wish(work, wish)
    model = SubjectColumns.kinds[wish.name]
    rows = work.session.execute(
        select(model.state, model.previous_state, func.count(), func.min(model.id), func.max(model.id))
        .where(*_running(model, old))
        .group_by(model.state, model.previous_state)
        .order_by(model.state, model.previous_state)
    ).all()
    groups: dict[tuple[str, str | None, str | None], list[tuple[int, str, str]]] = defaultdict(list)
    for state, previous, count, first, last in rows:
        place = work.engine.place_in(_Place(wish.name, state, previous), wish.to_version, wish.renamed)
        key = (state, None, place.en) if isinstance(place, Reason) else (state, place[0], None)
        groups[key].append((count, first, last))
    return [
        Group(
            state=state,
            to_state=to_state,
            count=sum(count for count, _, _ in found),
            examples=tuple(dict.fromkeys(each for _, first, last in found for each in (first, last)))[:EXAMPLES],
            why_not=why_not,
        )
        for (state, to_state, why_not), found in groups.items()
    ]


def _running(model: type[Any], old: Workflow) -> tuple[Any, ...]:
    finals = [name for name, state in old.states.items() if state.final]
    return model.workflow_version == old.version, model.state.not_in(finals)


def migrate(work: Work, wish: Wish, progress: Callable[[int], None] = lambda done: None) -> Migrated:
    """Move each running subject in its own transaction, with an event on its chain and its deadline re-armed.

    What has no place in the new version stays, and so does what others keep in hand. Stopped half-way it can be
    run again: what moved, moved. Raises WrongMigration.
    """
    old, _ = check_wish(work, wish)
    model = SubjectColumns.kinds[wish.name]
    done = Migrated()
    for subject_id in _ids(work, model, old):
        moved = _move(work, wish, subject_id)
        if moved is not None:
            done.moved += moved
            done.cannot += not moved
        progress(1)
    return done


def _move(work: Work, wish: Wish, subject_id: str) -> bool | None:
    """Move one subject; False when it stays, None when it has ended or moved meanwhile."""
    model = SubjectColumns.kinds[wish.name]
    for _ in range(TRIES):
        try:
            with work.transaction() as session:
                subject = session.get(model, subject_id, with_for_update=True, populate_existing=True)
                if subject is None or subject.workflow_version != wish.from_version or work.engine.has_ended(subject):
                    return None
                if isinstance(work.engine.place_in(subject, wish.to_version, wish.renamed), Reason):
                    return False
                work.engine.migrate(subject, wish.to_version, wish.renamed, work.actor, work)
            return True
        except Stale:
            continue
    return False


def _ids(work: Work, model: type[Any], old: Workflow) -> Iterator[str]:
    last = ""
    while True:
        found = work.session.scalars(
            select(model.id).where(*_running(model, old), model.id > last).order_by(model.id).limit(BATCH)
        ).all()
        if not found:
            return
        yield from found
        last = found[-1]
