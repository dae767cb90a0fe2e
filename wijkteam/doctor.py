"""What is weak about this installation: looked for before it serves in production, and whenever somebody asks."""

import os
import stat
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import Engine as Database
from sqlalchemy import select, text
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from wijkteam.events.contents import count_unsealed
from wijkteam.events.payload_keys import SEALED_COLUMNS
from wijkteam.figures.keeping import any_missing
from wijkteam.keys.ring import KeyRing, Purpose, problem_with
from wijkteam.looks import read_look, too_little_contrast
from wijkteam.people import queries as people
from wijkteam.people.model import Person
from wijkteam.storage.database import connect, hosts_of
from wijkteam.storage.known_settings import not_known
from wijkteam.storage.replica import Replica
from wijkteam.storage.schema import versions
from wijkteam.storage.sealed import rows_by_key
from wijkteam.storage.settings import Settings, WrongSettings

LOOPBACK = ("127.0.0.1", "localhost", "::1", None, "")
DEMO_NAME, DEMO_DOMAIN = "Voorbeeldstad", "@voorbeeldstad.example"
SHORTEST_KEY = 32
READER_ROLE = "wijkteam_reader"


@dataclass(frozen=True)
class Weakness:
    """Something that is not as it should be in production: which check, what is wrong, and what to do."""

    check: str
    wrong: str
    remedy: str
    refused: bool = True
    """Whether production is refused over it; otherwise it is only said."""

    def __str__(self) -> str:
        """One line."""
        return f"{'WEAK' if self.refused else 'note'}  {self.check}: {self.wrong}; {self.remedy}"


@dataclass(frozen=True)
class Installation:
    """What is looked at: the settings, the variables of this process, the database and a session on it."""

    settings: Settings
    environment: Mapping[str, str]
    database: Database
    session: Session


def weaknesses(found: Installation, away: bool = False) -> list[Weakness]:
    """Everything that is weak about an installation, the refused first; what can be known while its database is away.

    The database and the session are asked nothing then.
    """
    weak = [each for check in (WITHOUT_DATABASE if away else CHECKS) for each in check(found)]
    return sorted(weak, key=lambda each: not each.refused)


def _municipality(found: Installation) -> Iterator[Weakness]:
    if found.settings.municipality == DEMO_NAME:
        yield Weakness("municipality", f"it is called {DEMO_NAME}", "name yours in WIJKTEAM_MUNICIPALITY")


def _production(found: Installation) -> Iterator[Weakness]:
    if not found.settings.production:
        yield Weakness(
            "production", "cookies travel without https too", "set WIJKTEAM_PRODUCTION=yes where residents are in it"
        )


def _database_address(found: Installation) -> Iterator[Weakness]:
    url = make_url(found.settings.database_url)
    if url.get_backend_name() != "postgresql":
        yield Weakness("database", "SQLite has no second wall around cases", "use PostgreSQL in WIJKTEAM_DATABASE_URL")
        return
    yield from _roads(found.settings)
    if len(hosts_of(url)) > 1 and url.query.get("target_session_attrs") != "read-write":
        yield Weakness(
            "database-hosts",
            "the address names several servers, and one that takes nothing in would do too",
            "add target_session_attrs=read-write to WIJKTEAM_DATABASE_URL",
        )


def _database_role(found: Installation) -> Iterator[Weakness]:
    if found.database.dialect.name != "postgresql":
        return
    me = text("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
    if found.session.scalar(me):
        yield Weakness("database-role", "the role of the database may do everything", "use a role that is no superuser")
    can_read = text("SELECT pg_has_role(oid, 'MEMBER') FROM pg_roles WHERE rolname = :name")
    if not found.session.scalar(can_read, {"name": READER_ROLE}):
        yield Weakness("reader-role", f"there is no role {READER_ROLE} to read with", "run: wijkteam db upgrade")


def _roads(settings: Settings) -> Iterator[Weakness]:
    """What goes to another machine goes encrypted, to a server that proved who it is."""
    for each in (settings.database_url, settings.replica_url):
        url = make_url(each) if each else None
        for host in hosts_of(url) if url is not None and url.query.get("sslmode") != "verify-full" else ():
            if host not in LOOPBACK and not host.startswith("/"):
                yield Weakness(
                    "database-encryption",
                    f"the road to {host} is not proven",
                    "add ?sslmode=verify-full to the address",
                )


def _replica(found: Installation) -> Iterator[Weakness]:
    """A replica that follows, and whether a step is only acknowledged when it is there too."""
    settings = found.settings
    if settings.replica_url is None:
        return
    database = connect(settings.replica_url)
    try:
        standing = Replica(found.database, database, timedelta(seconds=settings.replica_behind)).standing()
    finally:
        database.dispose()
    if not standing.follows:
        yield Weakness(
            "replica",
            "it is away, or does not follow the first database: figures are read from the first",
            "see pg_stat_replication on the first, and WIJKTEAM_REPLICA_URL",
            refused=False,
        )
    if not found.session.scalar(text("SHOW synchronous_standby_names")):
        yield Weakness(
            "acknowledged-steps",
            "steps are acknowledged before a replica has them: a promotion can lose the last of them",
            "name replicas in synchronous_standby_names (docs/operations.md)",
            refused=False,
        )


def _schema(found: Installation) -> Iterator[Weakness]:
    stands, newest = versions(found.database)
    if stands != newest:
        yield Weakness("schema", f"the database stands on {stands}, not on {newest}", "run: wijkteam db upgrade")


def _address(found: Installation) -> Iterator[Weakness]:
    if urlsplit(found.settings.address or "").scheme != "https":
        yield Weakness(
            "address", "there is no public address with https", "name it in WIJKTEAM_ADDRESS, such as https://…"
        )


def _proxies(found: Installation) -> Iterator[Weakness]:
    if found.settings.production and found.settings.proxies == 0:
        yield Weakness(
            "proxies",
            "no proxy of your own stands before the pages, so that all who sign in through one share one address",
            "say how many in WIJKTEAM_PROXIES",
            refused=False,
        )


def _mail(found: Installation) -> Iterator[Weakness]:
    mail = found.settings.mail
    if mail is None:
        yield Weakness("mail", "nobody is told by mail", "name a server in WIJKTEAM_SMTP_URL", refused=False)
    elif mail.security == "none" and mail.host not in LOOPBACK:
        yield Weakness("mail-encryption", "mail travels unencrypted", "use smtp+starttls:// or smtps://")


def _keys(found: Installation) -> Iterator[Weakness]:
    for check, path in key_files(found.settings).items():
        yield from weak_key(check, path)


def _sealing(found: Installation) -> Iterator[Weakness]:
    """What people write about residents is sealed, and stays readable, only with a key ring that can be used."""
    ring = KeyRing(found.settings.key_ring_file)
    wrong = problem_with(ring)
    if wrong is not None:
        yield Weakness(
            "sealing", f"what is recorded cannot be sealed: {wrong}", "put back the key ring; run: wijkteam keys list"
        )
        return
    unsealed = count_unsealed(found.session)
    if unsealed:
        yield Weakness(
            "unsealed",
            f"{unsealed} events were recorded before there was a key ring, and stand unsealed",
            "they go by destruction, and from backups when their term is over",
            refused=False,
        )
    usable = {key.id for key in ring.usable(Purpose.DATA)}
    newest, stands = ring.newest(Purpose.DATA).id, rows_by_key(found.session, SEALED_COLUMNS)
    strange = sum(count for key, count in stands.items() if key not in usable)
    if strange:
        yield Weakness(
            "lost-keys",
            f"what was recorded of {strange} records stands under keys that this key ring has not",
            "put back the right key ring",
        )
    older = sum(count for key, count in stands.items() if key in usable and key != newest)
    if older:
        yield Weakness(
            "older-keys", f"{older} keys stand under an older key", "run: wijkteam keys re-encrypt", refused=False
        )


def key_files(settings: Settings) -> dict[str, Path]:
    """The files with keys, by what they are called."""
    return {
        "secret-key": settings.secret_key_file,
        "key-ring": settings.key_ring_file,
        "seal-key": settings.seal_key_file,
    }


def weak_key(check: str, path: Path) -> Iterator[Weakness]:
    """What is weak about one file with keys; one that is not there yet is made when it is first needed."""
    try:
        seen = path.stat()
    except FileNotFoundError:
        return
    if stat.S_IMODE(seen.st_mode) & 0o077:
        yield Weakness(check, f"others can read {path}", f"run: chmod 600 {path}")
    if seen.st_uid != os.getuid():
        yield Weakness(check, f"{path} belongs to another user", f"run: chown {os.getuid()} {path}")
    if seen.st_size < SHORTEST_KEY:
        yield Weakness(check, f"{path} holds no key", "put back the file, or remove it so that it is made anew")


def _settings_file(found: Installation) -> Iterator[Weakness]:
    for line in not_known(found.environment):
        yield Weakness("unknown-setting", line, "mend the name, or take it out")
    name = found.environment.get("WIJKTEAM_CONFIG") or found.environment.get("WIJKTEAM_SETTINGS")
    if name and Path(name).is_file() and stat.S_IMODE(Path(name).stat().st_mode) & 0o007:
        yield Weakness("settings-file", f"everybody can read {name}", f"run: chmod o-rwx {name}")


def _demonstration(found: Installation) -> Iterator[Weakness]:
    signs_in = Person.email.endswith(DEMO_DOMAIN, autoescape=True) & Person.password_hash.is_not(None) & Person.active
    count = len(found.session.scalars(select(Person.id).where(signs_in)).all())
    if count:
        yield Weakness(
            "demo-people",
            f"{count} people of the demonstration can sign in with a known password",
            "begin with an empty database",
        )


def _people(found: Installation) -> Iterator[Weakness]:
    for function, title in (("functional_administrator", "administrator"), ("privacy_officer", "privacy officer")):
        if not people.holder_ids(found.session, function):
            remedy = f"run: wijkteam user add NAME EMAIL --function {function}"
            yield Weakness(function.replace("_", "-"), f"there is no {title}", remedy, refused=False)


def _process(found: Installation) -> Iterator[Weakness]:
    if os.getuid() == 0:
        yield Weakness("root", "it runs as root", "run it as a user of its own", refused=False)
    for name in ("FLASK_DEBUG", "WERKZEUG_DEBUG_PIN"):
        if found.environment.get(name) not in (None, "", "0"):
            yield Weakness("debugging", f"{name} is set", f"unset {name}")


def _summaries(found: Installation) -> Iterator[Weakness]:
    """Figures are counted from summaries, which a database from before there were any does not have."""
    if any_missing(found.session):
        yield Weakness(
            "summaries",
            "cases are missing from the figures of the report",
            "run: wijkteam figures rebuild",
            refused=False,
        )


def _look(found: Installation) -> Iterator[Weakness]:
    """What cannot be read well enough, public bodies may not show (Besluit digitale toegankelijkheid overheid)."""
    try:
        look = read_look(found.settings.theme)
    except WrongSettings as error:
        yield Weakness("look", str(error), "mend the file that WIJKTEAM_THEME names")
        return
    for each in too_little_contrast(look):
        yield Weakness("contrast", str(each), "give one of the two another value in the file that WIJKTEAM_THEME names")


WITHOUT_DATABASE: tuple[Callable[[Installation], Iterator[Weakness]], ...] = (
    _production,
    _municipality,
    _database_address,
    _address,
    _proxies,
    _mail,
    _keys,
    _settings_file,
    _process,
    _look,
)
CHECKS = (*WITHOUT_DATABASE, _schema, _database_role, _replica, _sealing, _summaries, _demonstration, _people)
