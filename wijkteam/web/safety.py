"""What the pages are made safe with, as the settings say it."""

from dataclasses import dataclass, field

from wijkteam.documents.checking import LARGEST
from wijkteam.signing_in.sessions import Limits
from wijkteam.signing_in.single_sign_on.settings import WaysIn
from wijkteam.webhooks.addresses import Allowed
from wijkteam.zgw.mapping import ZgwMapping


@dataclass(frozen=True)
class Safety:
    """Everything about signing in and safety that differs between a demonstration and production."""

    production: bool = False
    """In production cookies travel by https only, and a second factor is asked where the policy says so."""
    limits: Limits = field(default_factory=Limits)
    address: str | None = None
    """The public address, for which passkeys are made; None where the settings name none."""
    proxies: int = 0
    """How many proxies of our own stand before us; so many steps back in what they say is the caller's address."""
    largest_file: int = LARGEST
    """How large a document of a case may be, in bytes."""
    calendar_names: bool = False
    """Whether people may let the calendar of their phone show whom an appointment is about."""
    ways_in: WaysIn = field(default_factory=WaysIn)
    """With a work account elsewhere, with a password, or both."""
    offline: bool = True
    """Whether people may take cases along on a device, to work without a connection."""
    log_requests: bool = False
    """Whether each request gets a line in the log; it names the route, never the path."""
    metrics_token: str | None = field(default=None, repr=False)
    """With this Prometheus reads the figures; None: nobody does."""
    traces_to: str | None = None
    """Where traces are sent; None: nothing is traced."""
    zaken: ZgwMapping | None = None
    """What the municipality's case system is told; None where none is set."""
    webhooks: Allowed = field(default_factory=Allowed)
    """Which machines webhooks may be sent to besides those of the public internet."""
