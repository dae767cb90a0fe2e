"""Every route of the office's side of the API, made from its deeds."""

from wijkteam.web.api.deeds import Deed, route
from wijkteam.web.api.office import (
    areas,
    coming_and_going,
    figures,
    handing_over,
    people,
    raising,
    register,
    running,
    systems,
    telling,
    watching,
    writing_down,
)

DEEDS: tuple[Deed, ...] = (
    *raising.DEEDS,
    *writing_down.DEEDS,
    *people.DEEDS,
    *handing_over.DEEDS,
    *register.DEEDS,
    *coming_and_going.DEEDS,
    *telling.DEEDS,
    *figures.DEEDS,
    *areas.DEEDS,
    *running.DEEDS,
    *watching.DEEDS,
    *systems.DEEDS,
)
ROUTES = [route(each) for each in DEEDS]
