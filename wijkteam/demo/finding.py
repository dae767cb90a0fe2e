"""What people offer each other, and a household that two teams meet without knowing: plainly made up."""

from wijkteam.assembly import House
from wijkteam.cases.service import NewCase, open_case
from wijkteam.demo.town import DOMAIN
from wijkteam.people import queries as people
from wijkteam.people.offering import Offer, keep_offer
from wijkteam.search.doubles import compare_opened
from wijkteam.storage.work import Work
from wijkteam.terms import clock

OFFERS = {
    "fenna": Offer(
        "Ik ga graag mee naar de kredietbank, en ik ken de weg bij de huurcommissie.", ["finance"], "Nederlands"
    ),
    "sam.1": Offer(
        "Praten met deurwaarders. Post sorteren aan de keukentafel.", ["finance", "housing"], "Turks, Arabisch"
    ),
    "noa.1": Offer(
        "Jongeren die niet naar school gaan. Ik wandel liever dan dat ik vergader.",
        ["work_and_education"],
        "Papiaments",
    ),
    "kim.1": Offer("Een fiets, een bed of een koelkast regelen.", ["housing"], "", "Bel na tien uur."),
    "gijs": Offer(
        "Vragen over woningruil en achterstallig onderhoud.", ["housing"], "Engels", "Bij voorkeur op dinsdag."
    ),
    "olga": Offer("Een besluit lezen en uitleggen in gewone woorden.", (), "Pools, Duits"),
}
TWICE = "Verzonnenkade 7, familie Van der Voorbeeld"
WHAT = "Er wordt niet opengedaan. De buren maken zich zorgen."
OPENERS = (("fenna", TWICE), ("sam.2", "Van der Voorbeeld, verzonnenkade 7"))


def show_finding(house: House, work: Work) -> None:
    """Write the offers down, and let two teams open a case of the same household."""
    domains = list(house.lists["life_domains"].items)
    for name, offer in OFFERS.items():
        acting = _as(work, name)
        if acting is not None:
            keep_offer(acting, offer, domains)
    for name, who in OPENERS:
        acting = _as(work, name)
        if acting is not None:
            open_case(acting, NewCase(who, WHAT, "Nog eens langsgaan", clock.today()))
    compare_opened(work)


def _as(work: Work, name: str) -> Work | None:
    """The work as somebody by first name; None where nobody is called so, as in a town of one team."""
    person = people.person_by_email(work.session, f"{name}@{DOMAIN}")
    actor = people.acting_person(work.session, person.id) if person is not None else None
    return work.acting_as(actor) if actor is not None else None
