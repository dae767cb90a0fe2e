"""On which grounds a request can be refused, wholly or in part: dated data of the municipality."""

from datetime import date

from pydantic import Field, StrictBool, model_validator

from wijkteam.engine.definition import Name, Names, Part, Text
from wijkteam.engine.ladder import CodeList

FILE = "data_request_grounds"
LIST = "data_request_grounds"
"""The list that forms choose from."""


class RefusalGround(Part):
    """An article that lets a request be refused, for which kinds of request, and the days between which it does."""

    code: Name
    title: Text
    letter: str = Field(min_length=1, max_length=400)
    """What the letter says of it, in plain Dutch."""
    law: str = Field(min_length=1, max_length=100)
    article: str = Field(min_length=1, max_length=100)
    kinds: Names = Field(min_length=1)
    valid_from: date
    valid_until: date | None = None
    source: str | None = Field(default=None, min_length=1, max_length=300)
    verified: StrictBool
    """Whether the article itself was read at the source; else it is from memory, and has to be checked."""

    @model_validator(mode="after")
    def _lasts(self) -> "RefusalGround":
        if self.verified and self.source is None:
            raise ValueError("what is verified has a source")
        if self.valid_until is not None and self.valid_until < self.valid_from:
            raise ValueError("valid_until lies before valid_from")
        return self

    def holds(self, kind: str, day: date) -> bool:
        """Whether a request of that kind can be refused on it on that day."""
        lasts = self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)
        return lasts and kind in self.kinds


class RefusalGrounds(Part):
    """All grounds that there are."""

    refusing: Name
    grounds: list[RefusalGround] = Field(min_length=1, max_length=100)

    @model_validator(mode="after")
    def _each_once(self) -> "RefusalGrounds":
        if len({each.code for each in self.grounds}) < len(self.grounds):
            raise ValueError("two grounds have the same code")
        return self

    def ground(self, code: str | None) -> RefusalGround | None:
        """The ground of that code, in force or not."""
        return next((each for each in self.grounds if each.code == code), None)

    def as_list(self) -> CodeList:
        """Every ground by code, with its law and article in the title, also those not in force."""
        return CodeList(
            list=LIST,
            title=Text(nl="Redenen om een AVG-verzoek te weigeren", en="Grounds to refuse a request about data"),
            items={
                each.code: Text(
                    nl=f"{each.title.nl} ({each.law} {each.article})",
                    en=f"{each.title.en} ({each.law} {each.article})",
                )
                for each in self.grounds
            },
        )
