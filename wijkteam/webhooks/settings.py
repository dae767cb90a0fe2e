"""The settings of webhooks: under which number the municipality tells, and which networks may be reached."""

import re
from dataclasses import dataclass, field
from ipaddress import ip_network

from wijkteam.storage.settings import WrongSettings, given_settings, read_settings
from wijkteam.webhooks.addresses import Allowed, Network
from wijkteam.webhooks.telling import Sender

OIN = re.compile(r"[0-9]{20}")


@dataclass(frozen=True)
class Outlet:
    """All that sending needs besides what is to be sent."""

    sender: Sender
    allowed: Allowed = field(default_factory=Allowed)


def read_outlet() -> Outlet:
    """How webhooks go out as the settings have it. Raises WrongSettings."""
    settings, given = read_settings(), given_settings()
    allowed = Allowed(_networks(given.get("WIJKTEAM_WEBHOOK_NETWORKS", "")), loopback=not settings.production)
    return Outlet(Sender(_source(given.get("WIJKTEAM_OIN", ""), settings.municipality), settings.address), allowed)


def _source(oin: str, municipality: str) -> str:
    """A URN in the namespace nld: by the municipality's OIN, or where none is given by its name."""
    if not oin:
        name = re.sub(r"[^a-z0-9]+", "-", municipality.lower()).strip("-")
        return f"urn:nld:gemeente:{name or 'onbekend'}:systeem:wijkteam"
    if not OIN.fullmatch(oin):
        raise WrongSettings(f"WIJKTEAM_OIN: write the organisation's number of 20 digits, not '{oin}'")
    return f"urn:nld:oin:{oin}:systeem:wijkteam"


def _networks(text: str) -> tuple[Network, ...]:
    try:
        return tuple(ip_network(each) for each in text.replace(",", " ").split())
    except ValueError as error:
        raise WrongSettings(f"WIJKTEAM_WEBHOOK_NETWORKS: write networks such as 10.20.0.0/16: {error}") from None
