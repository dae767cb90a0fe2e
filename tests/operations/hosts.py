"""Hosts of their own on one machine: network namespaces on one cable each, which can be cut."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

NET = "10.77.0"


def why_not() -> str | None:
    """Why there can be no hosts on this machine; None when there can."""
    if os.geteuid() != 0:
        return "allowed in CI: network namespaces need root"
    if not all(shutil.which(each) for each in ("ip", "setpriv")):
        return "allowed in CI: network namespaces need iproute2 and util-linux"
    name = f"wijk{os.getpid()}try"
    if subprocess.run(["ip", "netns", "add", name], capture_output=True).returncode != 0:
        return "allowed in CI: this machine makes no network namespaces"
    subprocess.run(["ip", "netns", "del", name], check=True)
    return None


@dataclass(frozen=True)
class Host:
    """One host: the name of its namespace and of its end of the cable at the switch, and its address."""

    name: str
    plug: str
    address: str

    @property
    def before(self) -> tuple[str, ...]:
        """What goes before a command that runs there."""
        return "ip", "netns", "exec", self.name


@dataclass(frozen=True)
class Network:
    """Hosts on one switch."""

    switch: str
    hosts: dict[str, Host]

    def cut(self, host: str) -> None:
        """Take this host off the network: what is sent to it disappears, as with a cable that is pulled out."""
        _ip("-n", self.switch, "link", "set", self.hosts[host].plug, "down")

    def mend(self, host: str) -> None:
        """Put it on again."""
        _ip("-n", self.switch, "link", "set", self.hosts[host].plug, "up")


def _ip(*words: str) -> None:
    done = subprocess.run(["ip", *words], capture_output=True, text=True)
    assert done.returncode == 0, f"ip {' '.join(words)}: {done.stderr}"


@contextmanager
def network(*names: str) -> Iterator[Network]:
    """A switch with hosts of these names; gone afterwards."""
    mark = f"wijk{os.getpid()}"
    switch = f"{mark}switch"
    hosts = {
        name: Host(f"{mark}{name}", f"{name}{os.getpid()}", f"{NET}.{number}") for number, name in enumerate(names, 1)
    }
    try:
        _ip("netns", "add", switch)
        _ip("-n", switch, "link", "add", "lan", "type", "bridge")
        _ip("-n", switch, "link", "set", "lan", "up")
        for host in hosts.values():
            _ip("netns", "add", host.name)
            _ip("-n", host.name, "link", "add", "eth0", "type", "veth", "peer", "name", host.plug, "netns", switch)
            _ip("-n", switch, "link", "set", host.plug, "master", "lan", "up")
            _ip("-n", host.name, "addr", "add", f"{host.address}/24", "dev", "eth0")
            _ip("-n", host.name, "link", "set", "eth0", "up")
            _ip("-n", host.name, "link", "set", "lo", "up")
        yield Network(switch, hosts)
    finally:
        for name in (*(host.name for host in hosts.values()), switch):
            subprocess.run(["ip", "netns", "del", name], capture_output=True)
