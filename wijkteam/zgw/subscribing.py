"""Saying to the notification system what is to come in here, and on which channel wijkteam tells things itself."""

from typing import Any

from wijkteam.zgw.mapping import NotificationsMapping, ZgwMapping, read_secret
from wijkteam.zgw.receiving import CHANNEL
from wijkteam.zgw.talking import CaseSystem

FILTERS = ["bronorganisatie"]
"""What receivers can choose by on our channel; it is all that its notifications say besides which case."""


def subscription_of(mapping: ZgwMapping) -> dict[str, Any] | None:
    """The abonnement as it is to be: of each type of zaak that is told or taken in, nothing else. None for none.

    Raises WrongSettings.
    """
    told = mapping.notifications
    if told is None or told.callback is None or told.authorization_file is None:
        return None
    types = [mapping.case.type] if mapping.case is not None else []
    types += mapping.intake.types if mapping.intake is not None else []
    secret = read_secret(told.authorization_file).removeprefix("Bearer ")
    return {
        "callbackUrl": told.callback,
        "auth": f"Bearer {secret}",
        "kanalen": [{"naam": CHANNEL, "filters": {"zaaktype": each}} for each in dict.fromkeys(types)],
    }


def channel_of(told: NotificationsMapping) -> dict[str, Any] | None:
    """Our own channel as it is to be; None where there is none."""
    if told.channel is None:
        return None
    link = {"documentatieLink": told.channel.documentation} if told.channel.documentation is not None else {}
    return {"naam": told.channel.name, "filters": FILTERS, **link}


def connect(mapping: ZgwMapping, system: CaseSystem) -> list[str]:
    """Bring the notification system in line with the mapping; a line for each thing that was done, none when all was.

    Raises NotNow, Refused or WrongSettings.
    """
    told = mapping.notifications
    if told is None:
        return []
    done: list[str] = []
    channel = channel_of(told)
    if channel is not None and not system.find(told.api, "kanaal", naam=channel["naam"]):
        system.add(told.api, "kanaal", channel)
        done.append(f"made channel {channel['naam']}")
    wanted = subscription_of(mapping)
    if wanted is None:
        return done
    mine = _subscriptions(told, system)
    if not mine:
        system.add(told.api, "abonnement", wanted)
        done.append("subscribed")
    for extra in mine[1:]:
        system.remove(str(extra.get("url")))
        done.append("removed a second subscription")
    if mine and {name: mine[0].get(name) for name in wanted} != wanted:
        system.replace(str(mine[0].get("url")), wanted)
        done.append("changed the subscription")
    return done


def disconnect(mapping: ZgwMapping, system: CaseSystem) -> int:
    """End every subscription of this address; returns how many there were. Raises NotNow or Refused."""
    told = mapping.notifications
    mine = _subscriptions(told, system) if told is not None else []
    for each in mine:
        system.remove(str(each.get("url")))
    return len(mine)


def _subscriptions(told: NotificationsMapping, system: CaseSystem) -> list[dict[str, Any]]:
    return [each for each in system.find(told.api, "abonnement") if each.get("callbackUrl") == told.callback]
