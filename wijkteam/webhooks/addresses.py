"""Where events may be sent: never to a machine inside, unless the settings name its network.

Whoever may write an address down must not reach with it what only this machine reaches (server-side request forgery).
So the name is looked up at the moment of sending, every address that it has is looked at, the connection goes to just
the address that was looked at, and nothing that the receiver answers leads anywhere else.
"""

import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import SplitResult, urlsplit

LONGEST = 500
SECONDS = 10.0
TRANSLATED = IPv6Network("64:ff9b::/96")
"""Where networks that know only IPv6 put the addresses of IPv4 (RFC 6052)."""
Network = IPv4Network | IPv6Network
Where = IPv4Address | IPv6Address


class NotThere(ValueError):
    """Nothing may be sent to this address; says why, in both languages."""

    def __init__(self, nl: str, en: str) -> None:
        super().__init__(en)
        self.nl, self.en = nl, en


@dataclass(frozen=True)
class Allowed:
    """Which machines may be reached besides those of the public internet."""

    networks: tuple[Network, ...] = ()
    loopback: bool = False
    """Whether this machine itself may be reached, without encryption: for trying it out, never in production."""

    def lets(self, where: Where) -> bool:
        """Whether this address may be reached."""
        plain = _meant(where)
        if any(plain.version == each.version and plain in each for each in self.networks):
            return True
        if plain.is_loopback:
            return self.loopback
        return plain.is_global and not plain.is_multicast


def _meant(where: Where) -> Where:
    """The IPv4 address that an IPv6 address stands for, in one of the ways there are; else the address itself."""
    if isinstance(where, IPv4Address):
        return where
    if where in TRANSLATED:
        return IPv4Address(int(where) & 0xFFFFFFFF)
    return where.ipv4_mapped or where.sixtofour or (where.teredo[1] if where.teredo else where)


def read_address(url: str, allowed: Allowed) -> SplitResult:
    """The parts of an address that events may be sent to, as far as can be seen without looking up. Raises NotThere."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise _no_address() from None
    plain = not url.isascii() or not url.isprintable() or " " in url
    if plain or not host or port == 0 or parts.scheme not in ("https", "http") or len(url) > LONGEST:
        raise _no_address()
    if parts.username or parts.password or parts.fragment:
        raise NotThere("Laat naam, wachtwoord en # weg uit het adres.", "Leave name, password and # out.")
    if parts.scheme == "http" and not (allowed.loopback and host in ("127.0.0.1", "localhost", "::1")):
        raise NotThere("Het adres moet met https:// beginnen.", "The address must begin with https://.")
    try:
        where = ip_address(host)
    except ValueError:
        return parts
    if not allowed.lets(where):
        raise _inside()
    return parts


def look_up(host: str, port: int, allowed: Allowed) -> str:
    """The address of a machine to connect to. Raises NotThere when any of its addresses may not be reached."""
    try:
        found = {each[4][0] for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError):
        raise NotThere("Deze naam is niet te vinden.", "This name cannot be found.") from None
    addresses = sorted((ip_address(str(each).partition("%")[0]) for each in found), key=lambda each: each.version)
    if not addresses or not all(allowed.lets(each) for each in addresses):
        raise _inside()
    return str(addresses[0])


def _no_address() -> NotThere:
    return NotThere(
        "Schrijf een adres, zoals https://ontvanger.gemeente.nl/haak.",
        "Write an address, such as https://receiver.gemeente.nl/hook.",
    )


def _inside() -> NotThere:
    return NotThere(
        "Dit adres ligt in een eigen netwerk dat niet is toegestaan.",
        "This address is in a private network that is not allowed.",
    )
