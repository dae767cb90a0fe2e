"""Every route of the office's side of the API, made from its deeds."""

from wijkteam.web.api.deeds import Deed, route
from wijkteam.web.api.office import (
    coming_and_going,
    figures,
    people,
    raising,
    register,
    systems,
    telling,
    watching,
)

DEEDS: tuple[Deed, ...] = (
    *raising.DEEDS,
    *people.DEEDS,
    *register.DEEDS,
    *coming_and_going.DEEDS,
    *telling.DEEDS,
    *figures.DEEDS,
    *watching.DEEDS,
    *systems.DEEDS,
)
ROUTES = [route(each) for each in DEEDS]
