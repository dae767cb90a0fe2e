"""What the notification system tells (ZGW Notificaties): only noted here; the worker asks the case system itself.

A notification is never believed further than which zaak it names: what became of it is read where it stands.
"""

import hmac
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy import update

from wijkteam.storage.work import Work
from wijkteam.terms import clock
from wijkteam.zgw.mapping import ZgwMapping, read_secret
from wijkteam.zgw.model import Zaak
from wijkteam.zgw.taking import note_zaak

CHANNEL = "zaken"
NEWS = frozenset({"status", "resultaat", "zaak"})
"""Resources of the channel that may bring something that the owner of a case has to see."""


class WrongNotification(ValueError):
    """What came in is no notification of the standard."""


class Notification(BaseModel):
    """A notification as the standard has it (consumer API 1.0), with its lengths; what more it says is left alone."""

    model_config = ConfigDict(strict=False, extra="ignore", frozen=True)

    kanaal: str = Field(min_length=1, max_length=50, strict=True)
    hoofdObject: str = Field(min_length=1, max_length=1000, strict=True)
    resource: str = Field(min_length=1, max_length=100, strict=True)
    resourceUrl: str = Field(min_length=1, max_length=1000, strict=True)
    actie: str = Field(min_length=1, max_length=100, strict=True)
    aanmaakdatum: AwareDatetime
    kenmerken: dict[str, Annotated[str, Field(max_length=1000)]] = Field(default_factory=dict, max_length=50)


def may_notify(mapping: ZgwMapping | None, authorization: str) -> bool:
    """Whether this is what the notification system was told to send along. Raises WrongSettings."""
    if mapping is None or mapping.authorization_file is None:
        return False
    expected = read_secret(mapping.authorization_file).removeprefix("Bearer ")
    return hmac.compare_digest(authorization.removeprefix("Bearer ").encode(), expected.encode())


def receive(work: Work, mapping: ZgwMapping, said: Any) -> bool:
    """Note what is to be looked at: a new zaak of a type that is taken in, or a zaak of ours; False for all else.

    Raises WrongNotification for what is no notification.
    """
    try:
        told = Notification.model_validate(said)
    except ValidationError:
        raise WrongNotification from None
    if told.kanaal != CHANNEL:
        return False
    if told.resource in NEWS and _note_ours(work, told.hoofdObject):
        return True
    return (told.resource, told.actie) == ("zaak", "create") and note_zaak(work, mapping, told.hoofdObject)


def _note_ours(work: Work, url: str) -> bool:
    """Have a zaak of ours looked at; False when it is none."""
    if not url.isascii() or not url.isprintable():
        return False
    ours = update(Zaak).where(Zaak.url == url).values(look_after=clock.now(), looks=Zaak.looks + 1)
    with work.transaction() as session:
        return bool(session.execute(ours.returning(Zaak.case_id)).all())
