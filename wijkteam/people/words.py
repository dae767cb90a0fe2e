"""People and functions as rules name them in what they say, in both languages."""

from collections.abc import Collection

from sqlalchemy.orm import Session

from wijkteam.engine.vocabulary import Reason
from wijkteam.people.model import Function
from wijkteam.people.queries import holders, team_name


def function_words(session: Session, code: str) -> Reason:
    """The title of a function in both languages, or its code when there is none."""
    function = session.get(Function, code)
    return Reason(code, code) if function is None else Reason(function.title_nl, function.title_en)


def with_names(title: Reason, names: Collection[str], most: int | None = 3) -> str | Reason:
    """'Teamleider (A, B)': a title with who has it, as far as so many; empty for nobody."""
    shown = ", ".join(list(names)[:most])
    return Reason(f"{title.nl} ({shown})", f"{title.en} ({shown})") if shown else ""


def team_lead_words(session: Session, team_id: int | None) -> str | Reason:
    """Who leads a team today, in words; empty for nobody."""
    found = [person.name for person in holders(session, "team_lead", team_id)]
    return with_names(Reason("teamleider", "team lead"), found, None)


def team_mate_words(session: Session, team_id: int | None) -> Reason:
    """Whoever works in a team, in words."""
    name = team_name(session, team_id)
    return Reason(f"teamgenoten in {name}", f"team members of {name}")
