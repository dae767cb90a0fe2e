"""Serving the pages and running the worker."""

import signal
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import structlog
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter

from wijkteam.api_access.service import forget_ended
from wijkteam.assembly import House
from wijkteam.deadlines import worker
from wijkteam.engine.running import Stale
from wijkteam.logs.keys import seal_key
from wijkteam.logs.sealing import seal_finished_day
from wijkteam.looks import read_look
from wijkteam.messages.posting import Relay
from wijkteam.messages.sending import Post, do_post_round
from wijkteam.messages.writing import Sender
from wijkteam.offline.service import forget_unused
from wijkteam.reports.figures import EscalationReport
from wijkteam.retention.scrubbing import scrub_when_due
from wijkteam.search.doubles import compare_opened
from wijkteam.signing_in.cleaning import forget_old
from wijkteam.signing_in.sessions import Limits
from wijkteam.signing_in.single_sign_on.functions import check_mapping
from wijkteam.signing_in.single_sign_on.settings import read_ways_in
from wijkteam.storage.settings import Settings
from wijkteam.storage.work import Work
from wijkteam.web import report
from wijkteam.web.app import create_app, secret_key
from wijkteam.web.safety import Safety

log = structlog.get_logger()
SECONDS_BETWEEN_ROUNDS = 5.0
SECONDS_BETWEEN_CLEANINGS = 3600.0


def make_report(
    house: House, work: Work, municipality: str, year: int | None, wijk: str | None, barrier: str | None
) -> EscalationReport:
    """The bestuurder's report over a calendar year, the running one unless it is given."""
    return report.make_report(house, work.session, municipality, report.scope_of(year, wijk, barrier)).report


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
        settings = self.wijkteam_settings
        look = read_look(settings.theme)
        return create_app(self.house, key, settings.municipality, settings.mail is not None, safety_of(settings), look)

    def _start_worker(self, _worker: Any) -> None:
        if self.house.database.dialect.name == "sqlite":
            settings = self.wijkteam_settings
            start_work(self.house, post_of(settings), SECONDS_BETWEEN_ROUNDS, threading.Event(), settings.seal_key_file)


def safety_of(settings: Settings) -> Safety:
    """How safe the settings ask the pages to be made."""
    limits = Limits.of(settings.idle_minutes, settings.session_hours)
    return Safety(
        production=settings.production,
        limits=limits,
        address=settings.address,
        proxies=settings.proxies,
        largest_file=settings.largest_file_mb * 1_000_000,
        calendar_names=settings.calendar_names,
        ways_in=read_ways_in(),
        offline=settings.offline,
    )


def serve_house(house: House, settings: Settings, port: int) -> None:
    """Serve until stopped; on SQLite the worker runs in the same process. Raises WrongSettings before it begins."""
    read_look(settings.theme)
    work = house.work()
    try:
        check_mapping(work, read_ways_in().single_sign_on)
    finally:
        work.session.close()
    Arbiter(_Server(house, settings, port)).run()


def post_of(settings: Settings) -> Post | None:
    """What mail is sent with; None where the settings name no SMTP server."""
    mail = settings.mail
    if mail is None:
        return None
    relay = Relay(mail.host, mail.port, mail.security, mail.user, mail.password)
    return Post(relay, Sender(mail.mail_from, mail.address, settings.municipality), mail.digest_at)


def start_work(
    house: House, post: Post | None, every: float, stop: threading.Event, key_file: Path | None = None
) -> list[threading.Thread]:
    """Begin doing due work, and in threads of their own sending mail, cleaning up and (with a key) sealing days.

    So a slow mail server or a long seal keeps no deadline waiting.
    """

    def due_round(work: Work) -> None:
        worked = worker.do_due_work(work, stop.is_set)
        if worked.done:
            log.info("worker.round", **vars(worked))

    def post_round(work: Work) -> None:
        sent = do_post_round(work, post, stop.is_set) if post is not None else None
        if sent is not None and sent.done:
            log.info("worker.mail", **vars(sent))

    def seal_round(work: Work) -> None:
        assert key_file is not None
        try:
            sealed = seal_finished_day(work, lambda: seal_key(key_file))
        except Stale:
            log.debug("worker.seal_later")  # somebody kept writing, or seals already: the next round tries again
            return
        if sealed.seals:
            log.info("worker.sealed", **vars(sealed))

    def scrub_round(work: Work) -> None:
        done = scrub_when_due(work)
        if done is not None:
            log.info("worker.scrubbed", what=done)

    rounds: list[tuple[Callable[[Work], object], float]] = [
        (due_round, every),
        (compare_opened, every),
        (forget_old, SECONDS_BETWEEN_CLEANINGS),
        (forget_unused, SECONDS_BETWEEN_CLEANINGS),
        (forget_ended, SECONDS_BETWEEN_CLEANINGS),
        (scrub_round, SECONDS_BETWEEN_CLEANINGS),
    ]
    if post is not None:
        rounds.append((post_round, every))
    if key_file is not None:
        rounds.append((seal_round, every))
    threads = [
        threading.Thread(target=worker.run, args=(house.work, each, seconds, stop), daemon=True, name=each.__name__)
        for each, seconds in rounds
    ]
    for thread in threads:
        thread.start()
    return threads


def work_until_stopped(house: House, post: Post | None, every_seconds: float, key_file: Path | None = None) -> None:
    """Run the worker until the process is asked to stop; what is in hand is finished first."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    for thread in start_work(house, post, every_seconds, stop, key_file):
        thread.join()
