"""What can be done with the network: adding a helper and a relation; every other step is one of their workflows."""

from dataclasses import asdict, dataclass
from datetime import date

from wijkteam.engine.fields import WrongFields
from wijkteam.network.model import Helper, Relation
from wijkteam.storage.subject import new_id
from wijkteam.storage.work import Work

OUTSIDE = "helper:"
"""Before the id of a helper where a form lets one choose among residents and helpers."""


@dataclass(frozen=True)
class NewHelper:
    """Who helps with what; the rest only where it is needed."""

    household_id: int
    name: str
    kind: str
    does_what: str
    organisation: str | None = None
    life_domain: str | None = None
    reach: str | None = None
    may_be_called: str | bool | None = None
    since: date | str | None = None


@dataclass(frozen=True)
class NewRelation:
    """What a resident is of another: the id of a resident, or `helper:` with the id of a helper."""

    household_id: int
    resident: str
    kind: str
    other: str
    since: date | str | None = None


def add_helper(work: Work, new: NewHelper, helper_id: str | None = None) -> Helper:
    """Record somebody who helps a household. Raises WrongFields or Refused."""
    with work.transaction() as session:
        helper = Helper(id=helper_id or new_id(), household_id=new.household_id)
        asked = {name: value for name, value in asdict(new).items() if name != "household_id"}
        with session.no_autoflush:
            work.open(helper, asked)
            session.add(helper)
        return helper


def relate(work: Work, new: NewRelation, relation_id: str | None = None) -> Relation:
    """Record how two people belong together. Raises WrongFields or Refused."""
    missing = [name for name, value in (("resident", new.resident), ("other", new.other)) if not value]
    if missing:
        raise WrongFields.of(missing[0], "Vul dit in.", "Please fill this in.")
    with work.transaction() as session:
        relation = Relation(id=relation_id or new_id(), household_id=new.household_id, resident_id=new.resident)
        if new.other.startswith(OUTSIDE):
            relation.to_helper_id = new.other.removeprefix(OUTSIDE)
        else:
            relation.to_resident_id = new.other
        with session.no_autoflush:
            work.open(relation, {"relation_kind": new.kind, "since": new.since})
            session.add(relation)
        return relation
