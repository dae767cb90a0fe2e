"""What Prometheus reads: how long pages take, and how the system stands.

With several processes each writes its own numbers to files in one folder (PROMETHEUS_MULTIPROC_DIR, made by the
command that serves), and whichever process is asked adds them up.
"""

import os
from collections.abc import Iterator
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from wijkteam.health.state import State
from wijkteam.storage.replica import Standing
from wijkteam.terms import clock

SECONDS = (0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
METHODS = frozenset({"GET", "POST", "HEAD", "OPTIONS"})


class Measures:
    """Counters of this process, and the text of all there is to read."""

    def __init__(self) -> None:
        """Everything begins at nothing."""
        self._registry = CollectorRegistry()
        self._took = Histogram(
            "wijkteam_http_request_seconds",
            "How long pages take, by route.",
            ["page"],
            buckets=SECONDS,
            registry=self._registry,
        )
        self._answers = Counter(
            "wijkteam_http_answers",
            "Answers, by route, method and status.",
            ["page", "method", "status"],
            registry=self._registry,
        )

    def answered(self, page: str, method: str, status: int, seconds: float) -> None:
        """Count one answer."""
        self._took.labels(page).observe(seconds)
        self._answers.labels(page, method if method in METHODS else "other", str(status)).inc()

    def text(self, state: State | None, replica: Standing | None = None) -> bytes:
        """Everything in Prometheus' own form; without a database what is known without it."""
        registry = self._registry
        if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
            registry = CollectorRegistry()
            _OfAllProcesses(registry)  # type: ignore[no-untyped-call]
        standing = CollectorRegistry()
        standing.register(_Standing(state, replica))
        return generate_latest(registry) + generate_latest(standing)


class _OfAllProcesses(MultiProcessCollector):
    """Passes over the file of a process that made it and wrote nothing in it yet: by itself that cannot be read."""

    def collect(self) -> Iterator[Metric]:
        """The numbers of all processes together."""
        files = [str(each) for each in Path(self._path).glob("*.db") if each.stat().st_size > 0]
        return iter(self.merge(files))  # type: ignore[no-untyped-call]


class _Standing(Collector):
    def __init__(self, state: State | None, replica: Standing | None) -> None:
        self.state, self.replica = state, replica

    def collect(self) -> Iterator[Metric]:
        """The numbers of one moment."""
        state = self.state
        yield _one("wijkteam_database_up", "Whether the database answers.", float(state is not None))
        if self.replica is not None:
            yield _one("wijkteam_replica_follows", "Whether the replica follows.", float(self.replica.follows))
            if self.replica.as_of is not None:
                behind = max(0.0, (clock.now() - self.replica.as_of).total_seconds())
                yield _one("wijkteam_replica_behind_seconds", "How far the replica is behind.", behind)
        if state is None:
            return
        yield _one("wijkteam_steps_taken", "Steps ever taken, all subjects together.", state.events)
        yield _one("wijkteam_due_work", "Terms that are over and not dealt with yet.", state.due)
        yield _one("wijkteam_due_work_oldest_seconds", "How long the oldest of them waits.", state.due_waits)
        yield _one("wijkteam_mail_oldest_seconds", "How long mail that was tried waits.", state.mail_waits)
        yield _one("wijkteam_notices_not_gathered", "Notices that are in no mail yet.", state.not_gathered)
        yield _one("wijkteam_not_taken", "What webhooks or the case system refuse for good.", state.not_taken)
        yield _each("wijkteam_mail", "Messages, by state.", "state", state.mail)
        yield _each("wijkteam_running_terms", "Terms that run, by kind of subject.", "kind", state.open_deadlines)


def _one(name: str, meaning: str, value: float) -> Metric:
    return GaugeMetricFamily(name, meaning, value)


def _each(name: str, meaning: str, label: str, values: dict[str, int]) -> Metric:
    family = GaugeMetricFamily(name, meaning, labels=[label])
    for key, value in sorted(values.items()):
        family.add_metric([key], value)
    return family
