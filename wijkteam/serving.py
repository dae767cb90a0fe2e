"""Serving the pages and running the worker."""

import fcntl
import os
import shutil
import signal
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import structlog
from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.errors import HaltServer
from prometheus_client import values
from prometheus_client.multiprocess import mark_process_dead
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from wijkteam.api_access.service import forget_ended
from wijkteam.assembly import House
from wijkteam.connections import Connections, Master
from wijkteam.deadlines import worker
from wijkteam.engine.running import Stale
from wijkteam.events.parts import make_ahead
from wijkteam.importing.service import forget_waiting
from wijkteam.logs.keys import seal_key
from wijkteam.logs.sealing import seal_finished_day
from wijkteam.looks import read_look
from wijkteam.messages.posting import Relay
from wijkteam.messages.sending import Post, do_post_round
from wijkteam.messages.writing import Sender
from wijkteam.offline.service import forget_unused
from wijkteam.reports.figures import EscalationReport
from wijkteam.reports.pictures import warm_up
from wijkteam.resident_mail.sending import mailing_to_residents
from wijkteam.retention.scrubbing import StillRead, scrub_when_due
from wijkteam.search.doubles import compare_opened
from wijkteam.signing_in.cleaning import forget_old
from wijkteam.signing_in.sessions import Limits
from wijkteam.signing_in.single_sign_on.functions import check_mapping
from wijkteam.signing_in.single_sign_on.settings import read_ways_in
from wijkteam.storage.settings import Settings, WrongSettings
from wijkteam.storage.work import Work
from wijkteam.web import report
from wijkteam.web.app import create_app, secret_key
from wijkteam.web.crowding import keep_the_door, threads_for
from wijkteam.web.safety import Safety
from wijkteam.web.templating import read_all
from wijkteam.webhooks.sending import do_webhook_round
from wijkteam.webhooks.settings import read_outlet
from wijkteam.zgw.mapping import read_mapping
from wijkteam.zgw.rounds import zaken_rounds
from wijkteam.zgw.talking import case_system

log = structlog.get_logger()
SECONDS_BETWEEN_ROUNDS = 5.0
SECONDS_BETWEEN_CLEANINGS = 3600.0
SECONDS_TO_FINISH = 30
"""What a process that is asked to stop still has for the requests in hand."""
SECONDS_TO_FINISH_WORK = 5.0
"""What it has besides for the due work in hand, where that is done in the same process."""
MEMORY = Path("/dev") / "shm"
"""Where processes show that they live, by touching an empty file."""
MEASURES = "PROMETHEUS_MULTIPROC_DIR"
"""Names the folder in which processes add up their measures; the library wants it so."""
SHORTEST_TOKEN = 20
SECONDS_BETWEEN_QUESTIONS = 2.0
"""How often it is asked whether a database that was away at the start is back."""
REFUSED = 2
"""What the process ends with when it turns out then that this may not be served."""
BuildAgain = Callable[[], House]


def make_report(
    house: House, session: Session, municipality: str, year: int | None, wijk: str | None, barrier: str | None
) -> EscalationReport:
    """The bestuurder's report over a calendar year, the running one unless it is given."""
    return report.make_report(house, session, municipality, report.scope_of(year, wijk, barrier)).report


class _Server(BaseApplication):
    def __init__(self, house: House, settings: Settings, port: int, place: Path, again: BuildAgain | None) -> None:
        self.house = house
        self.wijkteam_settings = settings
        self.port = port
        self.place = place
        """A folder that all processes share."""
        self.build_again = again
        self.stopping = threading.Event()
        self.at_work: list[threading.Thread] = []
        super().__init__()

    def load_config(self) -> None:
        """Processes with threads, where the settings say; on the loopback address unless they say otherwise."""
        settings = self.wijkteam_settings
        socket = settings.listen if settings.listen.startswith("unix:") else f"{settings.listen}:{self.port}"
        self.cfg.set("bind", socket)
        self.cfg.set("worker_class", Connections)
        self.cfg.set("workers", settings.web_processes)
        self.cfg.set("threads", threads_for(settings.web_threads, settings.web_waiting))
        self.cfg.set("pidfile", str(settings.pid_file) if settings.pid_file else None)
        self.cfg.set("graceful_timeout", SECONDS_TO_FINISH)
        self.cfg.set("loglevel", "warning")
        self.cfg.set("control_socket_disable", True)  # a second way to steer it, in somebody's home folder
        if MEMORY.is_dir() and os.access(MEMORY, os.W_OK):
            self.cfg.set("worker_tmp_dir", str(MEMORY))  # a slow or read-only disk must not look like a hung process
        self.cfg.set("child_exit", _forget_measures_of)
        self.cfg.set("post_worker_init", self._start_worker)
        self.cfg.set("worker_exit", self._end_worker)

    def reload(self) -> None:
        """Before processes are renewed: a house that waited for its database is built anew."""
        if self.house.waiting and self.build_again is not None:
            try:
                house = self.build_again()
                _check_ways_in(house)
            except Exception as error:  # whatever is wrong with it, it is no house to serve
                log.error("serving.refused", why=str(error))
                raise HaltServer(str(error), REFUSED) from error
            self.house.close()
            self.house = house
        super().reload()

    def load(self) -> Any:
        """The Flask app, made in the serving process."""
        self.house.database.dispose(close=False)
        if self.house.replica is not None:
            self.house.replica.database.dispose(close=False)
        key = secret_key(self.wijkteam_settings.secret_key_file)
        settings = self.wijkteam_settings
        look = read_look(settings.theme)
        app = create_app(self.house, key, settings.municipality, settings.mail is not None, safety_of(settings), look)
        keep_the_door(app, settings.web_threads, settings.web_waiting)
        return app

    def _start_worker(self, process: Any) -> None:
        threading.Thread(target=_make_ready, args=(process.wsgi,), name="ready", daemon=True).start()
        if self.house.waiting:
            watching = (self.house, self.place / "watching")
            threading.Thread(target=_tell_when_back, args=watching, name="watching", daemon=True).start()
        if self.house.database.dialect.name == "sqlite":
            settings = self.wijkteam_settings
            given = self.house, post_of(settings), SECONDS_BETWEEN_ROUNDS, self.stopping, settings.seal_key_file
            self.at_work = start_work(*given)

    def _end_worker(self, _master: Any, _process: Any) -> None:
        """What is due and in hand is finished, as in a worker of its own."""
        self.stopping.set()
        end = time.monotonic() + SECONDS_TO_FINISH_WORK
        for thread in self.at_work:
            thread.join(max(0.0, end - time.monotonic()))


def _tell_when_back(house: House, lock: Path) -> None:
    """Let the master process begin anew when the database answers; one of its processes asks, for all of them."""
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        while True:
            time.sleep(SECONDS_BETWEEN_QUESTIONS)
            with suppress(DBAPIError), house.database.connect():
                log.info("database.back")
                os.kill(os.getppid(), signal.SIGHUP)
                time.sleep(SECONDS_TO_FINISH)


def _make_ready(app: Flask) -> None:
    """Start drawing and read all templates, while the first people sign in: nobody's page should wait for that.

    Drawing comes first: while its engine starts the whole process stands still, which is best before anybody is there.
    """
    warm_up()
    read_all(app)


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
        log_requests=settings.logs_as_json,
        metrics_token=_token(settings.metrics_token_file),
        traces_to=_traces_to(settings),
        webhooks=read_outlet().allowed,
        zaken=read_mapping(),
    )


def _traces_to(settings: Settings) -> str | None:
    """Where traces go. Raises WrongSettings where what they need is not installed."""
    if settings.traces_to and find_spec("opentelemetry") is None:
        raise WrongSettings("WIJKTEAM_TRACES_TO: traces need more packages; run: pip install 'wijkteam[traces]'")
    return settings.traces_to


def _token(path: Path | None) -> str | None:
    """The token in a file. Raises WrongSettings."""
    if path is None:
        return None
    try:
        token = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        token = ""
    if len(token) < SHORTEST_TOKEN:
        raise WrongSettings(f"WIJKTEAM_METRICS_TOKEN_FILE: {path} holds no token of {SHORTEST_TOKEN} signs or more")
    return token


def _forget_measures_of(_arbiter: Any, process: Any) -> None:
    if os.environ.get(MEASURES):
        mark_process_dead(process.pid)  # type: ignore[no-untyped-call]


def _check_ways_in(house: House) -> None:
    """What single sign-on gives has to be there. Raises WrongSettings. Nothing is asked of what is waited for."""
    if house.waiting:
        return
    work = house.work()
    try:
        check_mapping(work, read_ways_in().single_sign_on)
    finally:
        work.session.close()


def serve_house(house: House, settings: Settings, port: int, build_again: BuildAgain | None = None) -> None:
    """Serve until stopped; on SQLite the worker runs in the same process. Raises WrongSettings before it begins.

    A house that waits for its database is built with `build_again` when that is back, and served instead.
    """
    read_look(settings.theme)
    safety_of(settings)
    _check_ways_in(house)
    with _shared_folder() as folder:
        if settings.web_processes > 1:
            os.environ[MEASURES] = str(folder)
            values.ValueClass = values.get_value_class()  # type: ignore[no-untyped-call]  # chosen at import otherwise
            read_all(create_app(house, "", settings.municipality))  # once, for all who come forth from this process
        Master(_Server(house, settings, port, folder, build_again)).run()


@contextmanager
def _shared_folder() -> Iterator[Path]:
    """A folder for all processes that serve. It goes with the first of them only: each of the others ends here too."""
    folder, first = Path(tempfile.mkdtemp(prefix="wijkteam-measures-")), os.getpid()
    try:
        yield folder
    finally:
        if os.getpid() == first:
            shutil.rmtree(folder, ignore_errors=True)


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
        besides = mailing_to_residents(house.languages)
        sent = do_post_round(work, post, stop.is_set, besides) if post is not None else None
        if sent is not None and sent.done:
            log.info("worker.mail", **vars(sent))

    outlet = read_outlet()

    def webhook_round(work: Work) -> None:
        told = do_webhook_round(work, house.key_ring, outlet, stop.is_set)
        if told.done:
            log.info("worker.webhooks", **vars(told))

    mapping = read_mapping()
    system = case_system(mapping) if mapping is not None else None

    def zaken_round(work: Work) -> None:
        assert mapping is not None and system is not None
        for done in zaken_rounds(work, mapping, system, house.signal_table, stop.is_set):
            if done.done:
                log.info("worker.zaken", **vars(done))

    def seal_round(work: Work) -> None:
        assert key_file is not None
        try:
            sealed = seal_finished_day(work, lambda: seal_key(key_file))
        except Stale:
            log.debug("worker.seal_later")  # somebody kept writing, or seals already: the next round tries again
            return
        if sealed.seals:
            log.info("worker.sealed", **vars(sealed))

    def parts_round(_work: Work) -> None:
        made = make_ahead(house.database)
        if made:
            log.info("worker.parts", made=made)

    def scrub_round(work: Work) -> None:
        try:
            done = scrub_when_due(work)
        except StillRead as still:
            log.warning("worker.scrub_later", why=str(still))
            return
        if done is not None:
            log.info("worker.scrubbed", what=done)

    rounds: list[tuple[Callable[[Work], object], float]] = [
        (due_round, every),
        (compare_opened, every),
        (webhook_round, every),
        (forget_old, SECONDS_BETWEEN_CLEANINGS),
        (forget_unused, SECONDS_BETWEEN_CLEANINGS),
        (forget_ended, SECONDS_BETWEEN_CLEANINGS),
        (forget_waiting, SECONDS_BETWEEN_CLEANINGS),
        (scrub_round, SECONDS_BETWEEN_CLEANINGS),
        (parts_round, SECONDS_BETWEEN_CLEANINGS),
    ]
    if mapping is not None:
        rounds.append((zaken_round, every))
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
