"""What services of the office refuse in words of their own, as problems."""

from flask import Blueprint, Response

from wijkteam.api_access.service import WrongToken
from wijkteam.documents.pdf import WrongTemplate
from wijkteam.importing.findings import WrongFile
from wijkteam.keys.ring import WrongKeyRing
from wijkteam.messages.service import WrongMessage
from wijkteam.people.service import WrongPerson
from wijkteam.storage.settings import WrongSettings
from wijkteam.web.acting import NOT_SAFELY
from wijkteam.web.api.problems import camel, problem
from wijkteam.web.language import _, later, said
from wijkteam.webhooks.service import WrongWebhook

NOT_READY = later("De afdruk is nog niet klaar. De beheerder moet eerst het sjabloon herstellen.")


def _of_field(wrong: WrongToken | WrongWebhook) -> Response:
    errors = [{"field": camel(wrong.field), "detail": said(wrong)}]
    return problem(422, _("Niet alles is goed ingevuld."), errors=errors)


def register(api: Blueprint) -> None:
    """Answer what these services refuse with a problem."""
    for of_field in (WrongToken, WrongWebhook):
        api.register_error_handler(of_field, _of_field)
    for in_words in (WrongPerson, WrongFile):
        api.register_error_handler(in_words, lambda wrong: problem(422, said(wrong)))
    api.register_error_handler(WrongMessage, lambda _wrong: problem(409, _("Dit kan nu niet meer.")))
    api.register_error_handler(WrongKeyRing, lambda _wrong: problem(503, _(NOT_SAFELY)))
    for not_ready in (WrongTemplate, WrongSettings):
        api.register_error_handler(not_ready, lambda _wrong: problem(503, _(NOT_READY)))
