"""Tables of people, teams and held functions."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from wijkteam.storage.columns import Table


class Function(Table):
    """A function that people can hold, such as team lead. Mandates are given to functions, never to names."""

    __tablename__ = "function"

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    title_nl: Mapped[str] = mapped_column(String(120))
    title_en: Mapped[str] = mapped_column(String(120))


class Team(Table):
    """A wijkteam, or another group of people that work together."""

    __tablename__ = "team"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)


class TeamArea(Table):
    """A wijk that a team works in."""

    __tablename__ = "team_area"

    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"), primary_key=True)
    wijk_code: Mapped[str] = mapped_column(String(8), primary_key=True)


class Person(Table):
    """Someone who works with the system. Without a password nobody can sign in as this person."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    email: Mapped[str] = mapped_column(String(254), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(200), deferred=True)
    """Only read by signing in; no page can."""
    civil_servant: Mapped[bool] = mapped_column(default=True)
    employer: Mapped[str | None] = mapped_column(String(120))
    active: Mapped[bool] = mapped_column(default=True)


class HeldFunction(Table):
    """A person holds a function, in one team or in the whole municipality, for a period."""

    __tablename__ = "held_function"
    __table_args__ = (Index("ix_held_function_function_team_id", "function", "team_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    function: Mapped[str] = mapped_column(ForeignKey("function.code"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    consented_on: Mapped[date | None]
    """Who does not work under the body's responsibility has to agree to hold mandate (Awb 10:4)."""
    employer_consented_on: Mapped[date | None]
    """And so has this person's employer (Awb 10:4)."""


class Absence(Table):
    """A person is away, from a day up to and with a last one, or until further notice."""

    __tablename__ = "absence"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    first_day: Mapped[date]
    last_day: Mapped[date | None]


class Deputy(Table):
    """Someone who acts in a person's function while that person is away, for a period."""

    __tablename__ = "deputy"
    __table_args__ = (CheckConstraint("person_id <> deputy_id", name="another_person"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    deputy_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    function: Mapped[str] = mapped_column(ForeignKey("function.code"))
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]


class PersonOffer(Table):
    """What somebody can and wants to help others with, in their own words; everybody who works here may read it."""

    __tablename__ = "person_offer"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    words: Mapped[str] = mapped_column(Text)
    life_domains: Mapped[str] = mapped_column(String(300))
    """Codes of the list of life domains, with blanks between."""
    languages: Mapped[str] = mapped_column(String(300))
    reach: Mapped[str] = mapped_column(String(300))
    """How to reach this person best, besides by mail."""
