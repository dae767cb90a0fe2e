"""Playing one scenario from its beginning to its end, or to the first thing that is not as it says."""

from dataclasses import dataclass, field

from sqlalchemy.exc import DBAPIError

from wijkteam.engine.findings import KeyPath
from wijkteam.engine.reading import Place
from wijkteam.events.queries import last_notice
from wijkteam.scenarios.expecting import Mismatch, Sight, mismatches, refusal_mismatches
from wijkteam.scenarios.format import Expectation, Happening, Turn
from wijkteam.scenarios.sheet import Sheet, written_out
from wijkteam.scenarios.stage import Said, Stage

OPEN = "open"


@dataclass(frozen=True)
class Failure:
    """Something that was not as the scenario says: where it says so, what it expects, and what was found."""

    place: Place
    about: str
    expected: str
    found: str

    def __str__(self) -> str:
        """In one line."""
        where = f"{self.place.file}:{self.place.line}"
        return f"{where}: {self.about}: expected {self.expected}; found {self.found}"


class _Stop(Exception):
    """The scenario cannot go on."""


@dataclass
class Play:
    """One scenario on its stage, and what was seen of it."""

    sheet: Sheet
    number: int
    stage: Stage
    failures: list[Failure] = field(default_factory=list)
    refusals: set[tuple[str, str, str]] = field(default_factory=set)
    """What was refused as the scenario says: the kind of subject, the transition, what in the definition stopped it."""
    _told: int = 0
    """The number of the last notice before what is looked at."""
    _at: KeyPath = ()
    """Where in the file the play is."""

    def play(self) -> None:
        """Play all of it, or until something fails."""
        try:
            for at, happening in self.sheet.given(self.number):
                self._must_happen(at, happening)
            self._told = self._last_notice()
            for number, turn in enumerate(self.sheet.said.scenarios[self.number].steps):
                self._play(("scenarios", self.number, "steps", number), turn)
        except _Stop:
            return
        except Exception as error:  # a definition can lack what the database or an effect cannot do without
            self._fail(self._at, Mismatch((), "it can be done", f"it broke: {_in_one_line(error)}"))

    def _play(self, path: KeyPath, turn: Turn) -> None:
        done = list(written_out(self.sheet.said, turn.when, (*path, "when")))
        refusal = any(each.refused is not None for each in turn.then)
        tried = done.pop() if refusal else None
        for at, happening in done:
            self._must_happen(at, happening)
        said = self._try(*tried) if tried else None
        for number, expectation in enumerate(turn.then):
            self._look((*path, "then", number), expectation, tried[1] if tried else None, said)
        if self.failures:
            raise _Stop
        if turn.then:
            self._told = self._last_notice()

    def _look(self, path: KeyPath, expectation: Expectation, tried: Happening | None, said: Said | None) -> None:
        self._at = path
        wrong = list(refusal_mismatches(expectation, said))
        if said is not None and said.stopped_by is not None and tried is not None and not wrong:
            kind = tried.open or self.stage.subject(tried.of).model.workflow
            self.refusals.add((kind, tried.take or OPEN, said.stopped_by))
        if not expectation.model_fields_set <= {"refused", "because", "of"}:
            named = self.stage.subject(expectation.of)
            with self.stage.work() as work:
                subject = work.session.get(named.model, named.id)
                if subject is None:
                    raise LookupError(named.id)
                sight = Sight(work, subject, self.stage.people, self._told)
                wrong += mismatches(expectation, sight)
                self.refusals |= {(named.model.workflow, *each) for each in sight.refusals}
        for each in wrong:
            self._fail((*path, *each.path), each)

    def _must_happen(self, at: KeyPath, happening: Happening) -> None:
        said = self._try(at, happening)
        if said is not None:
            self._fail(at, Mismatch((), "it can be done", str(said)))
            raise _Stop

    def _try(self, at: KeyPath, happening: Happening) -> Said | None:
        self._at = at
        return self.stage.let_happen(happening)

    def _fail(self, at: KeyPath, wrong: Mismatch) -> None:
        about = ".".join(str(part) for part in wrong.path) or "when"
        self.failures.append(Failure(self.sheet.place(at), about, wrong.expected, wrong.found))

    def _last_notice(self) -> int:
        with self.stage.work() as work:
            return last_notice(work.session)


def _in_one_line(error: Exception) -> str:
    text = str(error.orig if isinstance(error, DBAPIError) else error).strip()
    return f"{type(error).__name__}: {text.splitlines()[0] if text else 'no reason given'}"
