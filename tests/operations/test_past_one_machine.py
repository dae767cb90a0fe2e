"""Two hosts serve one release: the network is cut, one dies, the other takes over; no step is lost or doubled."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.api.programs import token_of
from tests.conftest import Town
from tests.operations.hosts import Host, Network, network, why_not
from tests.operations.servers import PROGRAMS, Server, run
from tests.plumbing.templates import PostgresTemplates
from tests.signed_in import sign_in_quietly
from wijkteam.assembly import House, house_on
from wijkteam.cases.service import NewCase, open_case
from wijkteam.events.model import Event
from wijkteam.events.verification import verify
from wijkteam.keys.ring import KeyRing
from wijkteam.offline.model import SentOnce
from wijkteam.storage.database import connect
from wijkteam.terms import clock
from wijkteam.web.app import create_app, secret_key

SENDERS = Path(__file__).with_name("sending_steps.py")
PATIENT = 240.0
CASES = 3


def until(holds: Callable[[], bool], why: str) -> None:
    end = time.monotonic() + PATIENT
    while not holds():
        assert time.monotonic() < end, why
        time.sleep(0.1)


@pytest.fixture(scope="module")
def lan() -> Iterator[Network]:
    reason = why_not()
    if reason is not None:
        pytest.skip(reason)
    with network("a", "b", "c") as found:
        yield found


class Hosts:
    """Host a with the first database, host b with its replica, pages on both, a worker on b."""

    def __init__(self, lan: Network, folder: Path, source: str, database: str, keys: dict[str, str]) -> None:
        self.lan, self.folder, self.database, self.keys = lan, folder, database, keys
        a, b = lan.hosts["a"], lan.hosts["b"]
        sync = ("synchronous_standby_names=*", "synchronous_commit=on")
        self.first = Server(folder / "pg-a", a.address, before=a.before, options=sync)
        self.first.copy_from(source, follows=False)
        self.second = Server(folder / "pg-b", b.address, before=b.before, options=("hot_standby_feedback=on",))
        self.processes: list[subprocess.Popen[bytes]] = []

    def begin(self) -> None:
        self.first.options, sync = ("synchronous_commit=on",), self.first.options
        self.first.start()
        self.second.copy_from(f"host={self.first.listens} user=postgres", follows=True)
        self.second.start()
        self.first.options = sync
        self.first.ask("ALTER SYSTEM SET synchronous_standby_names = '*'")
        self.first.ask("SELECT pg_reload_conf()")
        until(lambda: "sync" in self.first.ask("SELECT sync_state FROM pg_stat_replication"), "nobody follows")

    def settings(self, host: Host) -> dict[str, str]:
        waits = "connect_timeout=3&tcp_user_timeout=3000"
        both = "&".join(f"host={each.listens}:5432" for each in (self.first, self.second))
        where = f"{self.database}?{both}&target_session_attrs=read-write&{waits}"
        return {
            **os.environ,
            **self.keys,
            "WIJKTEAM_DATABASE_URL": f"postgresql://postgres@/{where}",
            "WIJKTEAM_REPLICA_URL": f"postgresql://postgres@{self.second.listens}/{self.database}?{waits}",
            "WIJKTEAM_LISTEN": host.address,
        }

    def serve(self, name: str, *command: str) -> subprocess.Popen[bytes]:
        host = self.lan.hosts[name]
        whole = [*host.before, sys.executable, "-c", "from wijkteam.cli import main; main()", *command]
        with (self.folder / f"{name}-{command[0]}.log").open("wb") as log:
            made = subprocess.Popen(whole, env=self.settings(host), stdout=log, stderr=log, start_new_session=True)
        self.processes.append(made)
        return made

    def die(self, host: str) -> None:
        """Everything on this host stops at once, as when its power goes."""
        for each in subprocess.run(
            ["ip", "netns", "pids", self.lan.hosts[host].name], capture_output=True, text=True
        ).stdout.split():
            os.kill(int(each), signal.SIGKILL)

    def end(self) -> None:
        for name in self.lan.hosts:
            self.die(name)
        for each in self.processes:
            each.wait(30)


def answers(lan: Network, host: str) -> bool:
    address = f"http://{lan.hosts[host].address}:8080/readyz"
    asked = f"import urllib.request; urllib.request.urlopen('{address}', timeout=3)"
    return subprocess.run([*lan.hosts["c"].before, sys.executable, "-c", asked], capture_output=True).returncode == 0


def test_what_was_acknowledged_is_there_once_after_a_cut_a_dead_host_and_a_promotion(
    lan: Network,
    quick_folder: Path,
    tmp_path: Path,
    postgres_url: str,
    postgres_templates: PostgresTemplates,
    first_house: House,
    key_ring: KeyRing,
) -> None:
    database, key_file = postgres_templates.town, tmp_path / "secret_key"
    keys = {"WIJKTEAM_SECRET_KEY_FILE": str(key_file), "WIJKTEAM_KEY_RING_FILE": str(key_ring.path)}
    hosts = Hosts(lan, quick_folder, postgres_url, database, keys)
    with ExitStack() as stack:
        stack.callback(hosts.end)
        hosts.begin()
        for name, command in (("a", "serve"), ("b", "serve"), ("b", "worker")):
            hosts.serve(name, command)
        orders = prepare(hosts, tmp_path, first_house, key_ring, secret_key(key_file))
        for name in ("a", "b"):
            until(lambda name=name: answers(lan, name), f"host {name} does not serve")  # type: ignore[misc]

        senders = subprocess.Popen([*lan.hosts["c"].before, sys.executable, str(SENDERS), str(tmp_path / "orders")])
        stack.callback(senders.kill)
        until(lambda: least_done(orders) >= 3, "no step is taken")

        lan.cut("a")  # the first database goes on by itself, and nobody hears it
        until(lambda: "200 only reading" in seen(orders), "the second host does not go on reading")
        hosts.second.ask("SELECT pg_promote()")
        hosts.die("a")
        before = least_done(orders)
        until(lambda: least_done(orders) >= before + 3, "no step is taken after the promotion")
        until(lambda: last_seen_changes(orders, "200"), "pages are not whole again")
        Path(orders["stop"]).touch()
        assert senders.wait(PATIENT) == 0
        told: dict[str, Any] = json.loads(Path(orders["told"]).read_text())
        check(hosts.second, database, first_house, key_ring, told)
        assert sum(each["failed"] for each in told.values()), "it was noticed that a host was away"
        comes_back(hosts, told)


def prepare(hosts: Hosts, folder: Path, first_house: House, ring: KeyRing, key: str) -> dict[str, Any]:
    """Cases, tokens and somebody who reads pages: the orders of the senders."""
    engine = connect(hosts.first.url(hosts.database))
    town = Town(house_on(first_house, engine, ring))
    cases = [
        open_case(town.work("fenna"), NewCase(f"Bedacht, Kade {n}", "huur", "bel", clock.today())).id
        for n in range(CASES)
    ]
    app = create_app(town.house, key, "Voorbeeldstad")
    browser = app.test_client()
    sign_in_quietly(browser, town, "fenna")
    cookie = browser.get_cookie("session")
    assert cookie is not None
    orders = {
        "hosts": [hosts.first.listens, hosts.second.listens],
        "cases": {case: token_of(town, "fenna") for case in cases},
        "cookie": cookie.value,
        **{name: str(folder / name) for name in ("stop", "seen", "progress", "told")},
    }
    (folder / "orders").write_text(json.dumps(orders))
    town.close()
    engine.dispose()
    return orders


def least_done(orders: dict[str, Any]) -> int:
    try:
        return int(min(json.loads(Path(orders["progress"]).read_text()).values()))
    except (OSError, ValueError):
        return 0


def seen(orders: dict[str, Any]) -> dict[str, int]:
    try:
        found: dict[str, int] = json.loads(Path(orders["seen"]).read_text())
    except (OSError, ValueError):
        return {}
    return found


def last_seen_changes(orders: dict[str, Any], what: str) -> bool:
    before = seen(orders).get(what, 0)
    time.sleep(0.5)
    return seen(orders).get(what, 0) > before


def check(server: Server, database: str, first_house: House, ring: KeyRing, told: dict[str, Any]) -> None:
    """Every acknowledged step is there, once, nothing else is, and every chain is whole."""
    engine = connect(server.url(database))
    work = house_on(first_house, engine, ring).work()
    for case, sent in told.items():
        mine = (Event.subject_id == case) & (Event.name == "add_note")
        count = work.session.scalar(select(func.count()).where(mine))
        kept = set(work.session.scalars(select(SentOnce.sending).where(SentOnce.case_id == case)))
        assert len(set(sent["keys"])) == len(sent["keys"]) > 5
        assert kept == set(sent["keys"]) and count == len(kept), f"{case}: {count} steps of {len(sent['keys'])}"
    assert not verify(work.session, lambda _done: None)
    work.session.close()
    engine.dispose()


def comes_back(hosts: Hosts, told: dict[str, Any]) -> None:
    """The host that died comes back as the replica of the other; what it alone had is gone from it."""
    hosts.lan.mend("a")
    address = f"host={hosts.second.listens} user=postgres dbname=postgres"
    before = hosts.lan.hosts["a"].before
    (hosts.first.folder / "postmaster.pid").unlink(missing_ok=True)
    ready = [*before, str(PROGRAMS / "pg_isready"), "-q", "-h", hosts.second.listens]
    until(lambda: subprocess.run(ready).returncode == 0, "the network is not mended")
    hosts.second.ask("CHECKPOINT")  # so that its new history is written down
    run("pg_rewind", "-R", "-D", hosts.first.folder, f"--source-server={address}", before=before)
    hosts.first.options = ()
    hosts.first.start()
    asked = "SELECT count(*) FROM event WHERE name = 'add_note'"
    there = hosts.second.ask(asked, hosts.database)
    until(lambda: hosts.first.ask(asked, hosts.database) == there, "it does not follow")
    assert int(there) == sum(len(each["keys"]) for each in told.values())
