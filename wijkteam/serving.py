"""Serving the pages and running the worker."""

import signal
import threading
from datetime import date
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter

from wijkteam.assembly import House
from wijkteam.deadlines import worker
from wijkteam.reports.figures import EscalationReport
from wijkteam.storage.settings import Settings
from wijkteam.storage.work import Work
from wijkteam.web import report
from wijkteam.web.app import create_app, secret_key

SECONDS_BETWEEN_ROUNDS = 5.0


def make_report(house: House, work: Work, municipality: str, first: date | None, last: date | None) -> EscalationReport:
    """The bestuurder's report over a period."""
    return report.make_report(house, work, municipality, first, last)


class _Server(BaseApplication):
    def __init__(self, house: House, settings: Settings, port: int) -> None:
        self.house = house
        self.wijkteam_settings = settings
        self.port = port
        super().__init__()

    def load_config(self) -> None:
        """One process with threads, on the loopback address only."""
        self.cfg.set("bind", f"127.0.0.1:{self.port}")
        self.cfg.set("worker_class", "gthread")
        self.cfg.set("workers", 1)
        self.cfg.set("threads", 8)
        self.cfg.set("loglevel", "warning")
        self.cfg.set("post_worker_init", self._start_worker)

    def load(self) -> Any:
        """The Flask app, made in the serving process."""
        self.house.database.dispose(close=False)
        key = secret_key(self.wijkteam_settings.secret_key_file)
        return create_app(self.house, key, self.wijkteam_settings.municipality)

    def _start_worker(self, _worker: Any) -> None:
        if self.house.database.dialect.name == "sqlite":
            arguments = (self.house.work, SECONDS_BETWEEN_ROUNDS, threading.Event())
            threading.Thread(target=worker.run, args=arguments, daemon=True).start()


def serve_house(house: House, settings: Settings, port: int) -> None:
    """Serve until stopped; on SQLite the worker runs in the same process."""
    Arbiter(_Server(house, settings, port)).run()


def work_until_stopped(house: House, every_seconds: float) -> None:
    """Run the worker until the process is asked to stop."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    worker.run(house.work, every_seconds, stop)
