"""What the administrator keeps through the API: mail that failed, systems, webhooks, the case system, how it stands."""

from datetime import date
from importlib.metadata import version
from typing import Any

from flask import abort, current_app

from wijkteam.api_access.queries import clients, system_people
from wijkteam.api_access.service import MANAGE, add_client_for, end_client
from wijkteam.health.state import state_of
from wijkteam.messages import queries, service
from wijkteam.messages.model import MessageState
from wijkteam.people.staff import may_keep
from wijkteam.web.acting import house, over_all, safety, work
from wijkteam.web.api.bodies_as_models import At, Line, Name, Nothing, Number, Sent, Told, Words
from wijkteam.web.api.deeds import Deed
from wijkteam.web.api.office.people import number_of
from wijkteam.web.language import later
from wijkteam.webhooks.queries import dead_deliveries, delivery_counts, subscriptions
from wijkteam.webhooks.service import NewWebhook, add_webhook, end_webhook, try_deliveries_again
from wijkteam.zgw.queries import zaken_standing
from wijkteam.zgw.service import try_zaken_again

SYSTEM_TOLD_ONCE = later(
    "Dit systeem is er al. Het geheim is één keer gezegd en wordt niet bewaard. "
    "Bent u het kwijt? Stop dit systeem en maak een nieuw, met een ander nummer."
)
WEBHOOK_TOLD_ONCE = later(
    "Deze webhook is er al. Het geheim is één keer gezegd en wordt niet bewaard. "
    "Bent u het kwijt? Stop deze webhook en maak een nieuwe, met een ander nummer."
)


class DeadMessage(Told):
    """Mail that could not be delivered, to whom, and how many notices it tells."""

    id: int
    person_id: int
    notices: int


class Mail(Told):
    """What goes out, and what could not be delivered."""

    counts: dict[str, int]
    not_gathered: int
    dead: list[DeadMessage]
    dropped: list[DeadMessage]


class WhyDropped(Sent):
    """Why it need not go any more."""

    reason: Words


class NewSystem(Sent):
    """A system, for whom it acts, and what it may."""

    name: Name
    person: Number
    scopes: tuple[Name, ...]


class SystemTold(Told):
    """A system with access; never its secret."""

    client_id: str
    name: str
    person_id: int
    scopes: list[str]
    made_at: At
    ended_at: At | None


class Systems(Told):
    """All systems, and for whom one could act."""

    items: list[SystemTold]
    system_people: list[int]


class SystemMade(Told):
    """What it calls itself by, and its secret: told here, once."""

    client_id: str
    client_secret: str


class Webhook(Sent):
    """Who is told, where it listens, and of which kinds it hears."""

    name: Name
    url: Words
    kinds: tuple[Line, ...]


class WebhookTold(Told):
    """A webhook; never its secret."""

    id: str
    name: str
    url: str
    kinds: list[str]
    made_at: At
    ended_at: At | None
    counts: dict[str, int]


class NotTaken(Told):
    """What one receiver did not take, by an id that says nothing."""

    receiver: str
    subject_kind: str
    subject_id: str
    sequence: int


class Webhooks(Told):
    """All webhooks, and what was not taken."""

    items: list[WebhookTold]
    not_taken: list[NotTaken]


class WebhookMade(Told):
    """What its events are signed with: told here, once."""

    secret: str


class CaseSystem(Told):
    """How it stands with the municipality's case system: counts by state."""

    told: dict[str, int]
    came_in: dict[str, int]
    refused: list[str]
    """The cases that it refuses, by number."""
    not_looked_at: int
    """How often somebody else changed something that nobody looked at in time."""


class StandingTold(Told):
    """How the system stands, in numbers. Waits are in seconds."""

    release: str
    events: int
    open_deadlines: dict[str, int]
    due: int
    due_waits: float
    mail: dict[str, int]
    mail_waits: float
    not_gathered: int
    not_taken: int
    sealed_until: dict[str, date | None]
    sends_mail: bool
    production: bool


def _administrator(**_path: str) -> None:
    if not may_keep(work().actor):
        abort(404)


def _messages() -> Mail:
    return Mail(
        counts={state.value: count for state, count in over_all(queries.counts).items()},
        not_gathered=over_all(queries.not_gathered),
        dead=[_message(each) for each in over_all(queries.messages_in, MessageState.DEAD)],
        dropped=[_message(each) for each in over_all(queries.messages_in, MessageState.DROPPED, 10)],
    )


def _message(each: queries.Listed) -> DeadMessage:
    return DeadMessage(id=each.message.id, person_id=each.person.id, notices=each.notices)


def _try_message(message_id: str) -> None:
    service.try_again(work(), number_of(message_id))


def _try_all(given: Nothing) -> None:
    service.try_all_again(work())


def _drop(given: WhyDropped, message_id: str) -> None:
    service.drop(work(), number_of(message_id), given.reason)


def _systems() -> Systems:
    return Systems(
        items=[
            SystemTold(
                client_id=each.client_id,
                name=each.name,
                person_id=each.person_id,
                scopes=each.scopes.split(),
                made_at=each.made_at,
                ended_at=each.ended_at,
            )
            for each in over_all(clients)
        ],
        system_people=[each.id for each in over_all(system_people)],
    )


def _add_system(given: NewSystem) -> SystemMade:
    public, secret = add_client_for(work(), given.name, given.person, list(given.scopes))
    return SystemMade(client_id=public, client_secret=secret)


def _end_system(client_id: str) -> None:
    if not end_client(work(), client_id):
        abort(404)


def _webhooks() -> Webhooks:
    counts = over_all(delivery_counts)
    return Webhooks(
        items=[
            WebhookTold(
                id=each.id,
                name=each.name,
                url=each.url,
                kinds=each.kinds.split(),
                made_at=each.made_at,
                ended_at=each.ended_at,
                counts={str(state): count for state, count in counts.get(each.id, {}).items()},
            )
            for each in over_all(subscriptions)
        ],
        not_taken=[
            NotTaken(
                receiver=each.receiver,
                subject_kind=each.delivery.subject_kind,
                subject_id=each.delivery.subject_id,
                sequence=each.delivery.sequence,
            )
            for each in over_all(dead_deliveries)
        ],
    )


def _add_webhook(given: Webhook) -> WebhookMade:
    new = NewWebhook(given.name, given.url, given.kinds)
    return WebhookMade(secret=add_webhook(work(), house().key_ring, safety().webhooks, new))


def _end_webhook(webhook_id: str) -> None:
    if not end_webhook(work(), webhook_id):
        abort(404)


def _try_webhook(webhook_id: str) -> None:
    try_deliveries_again(work(), webhook_id)


def _case_system() -> CaseSystem:
    found = over_all(zaken_standing)
    told = {str(state): count for state, count in found.told.items()}
    came_in = {str(state): count for state, count in found.came_in.items()}
    refused = [each.case_id for each in found.refused]
    return CaseSystem(told=told, came_in=came_in, refused=refused, not_looked_at=found.not_looked_at)


def _try_zaken(given: Nothing) -> None:
    try_zaken_again(work())


def _standing() -> StandingTold:
    state = over_all(state_of)
    numbers = ("events", "open_deadlines", "due", "due_waits", "mail_waits", "not_gathered", "not_taken")
    return StandingTold(
        release=version("wijkteam"),
        mail={str(name): count for name, count in state.mail.items()},
        sealed_until=state.sealed_until,
        sends_mail=current_app.extensions["sends_mail"],
        production=safety().production,
        **{name: getattr(state, name) for name in numbers},
    )


def _keeping(
    name: str, method: str, path: str, title: str, act: Any, sends: type[Sent] | None = None, **more: Any
) -> Deed:
    """A deed of the administrator."""
    usual: dict[str, Any] = {"scope": MANAGE, "first": _administrator, "sends": sends}
    return Deed(name, method, path, title, act, **{**usual, **more})


DEEDS = (
    _keeping("messages", "GET", "/messages", "Mail that goes out, and what could not", _messages, tells=Mail),
    _keeping("messages_try_again", "POST", "/messages/try-again", "Let all dead mail go once more", _try_all, Nothing),
    _keeping("message_try_again", "POST", "/messages/{messageId}/try-again", "Let one go once more", _try_message),
    _keeping("message_drop", "POST", "/messages/{messageId}/drop", "Let one rest, and say why", _drop, WhyDropped),
    _keeping("systems", "GET", "/systems", "The systems that use this API for themselves", _systems, tells=Systems),
    _keeping(
        "system_new",
        "POST",
        "/systems",
        "Let a system act for a system person",
        _add_system,
        NewSystem,
        tells=SystemMade,
        great=True,
        told_once=SYSTEM_TOLD_ONCE,
    ),
    _keeping("system_end", "POST", "/systems/{clientId}/end", "End a system's access at once", _end_system),
    _keeping("webhooks", "GET", "/webhooks", "Which systems are told of what", _webhooks, tells=Webhooks),
    _keeping(
        "webhook_new",
        "POST",
        "/webhooks",
        "Tell one more system",
        _add_webhook,
        Webhook,
        tells=WebhookMade,
        great=True,
        told_once=WEBHOOK_TOLD_ONCE,
    ),
    _keeping("webhook_end", "POST", "/webhooks/{webhookId}/end", "Tell this one nothing any more", _end_webhook),
    _keeping("webhook_try_again", "POST", "/webhooks/{webhookId}/try-again", "Send once more", _try_webhook),
    _keeping(
        "case_system", "GET", "/case-system", "How it stands with the case system", _case_system, tells=CaseSystem
    ),
    _keeping(
        "case_system_try_again",
        "POST",
        "/case-system/try-again",
        "Let all that was refused go once more",
        _try_zaken,
        Nothing,
    ),
    _keeping("standing", "GET", "/standing", "How the system stands", _standing, tells=StandingTold),
)
