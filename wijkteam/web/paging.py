"""Turning pages of a list: which one the address asks for, and the addresses of those beside it."""

from collections.abc import Callable
from typing import Any

from flask import request, url_for


def asked_page(name: str = "blad") -> int:
    """Which page of the list that has this name in the address is asked for; the first where it says nothing."""
    return request.args.get(name, 1, type=int)


def turning(endpoint: str, anchor: str, name: str = "blad") -> Callable[[int], str]:
    """Where another page of this list stands; other lists on the same page of the browser stay where they are."""
    kept: dict[str, Any] = {each: value for each, value in request.args.items() if each != name}

    def to(number: int) -> str:
        given: dict[str, Any] = {**kept, name: number if number > 1 else None}
        return url_for(endpoint, _anchor=anchor, **given)

    return to
