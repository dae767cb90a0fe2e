"""Reading event logs in XES (IEEE 1849), also compressed, trace by trace."""

import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from pathlib import Path
from typing import BinaryIO, cast

from lxml import etree

BLOCK = 1 << 20


class UnreadableLog(Exception):
    """The file is no readable log; the message is one line."""


@dataclass(frozen=True)
class LogEvent:
    """One event: what happened, when (UTC), in which role, over which amount (cents)."""

    activity: str
    at: datetime
    role: str
    amount: int | None


@dataclass(frozen=True)
class LogTrace:
    """All events of one request, in the order of the log."""

    number: str
    events: tuple[LogEvent, ...]


def _open(path: Path) -> BinaryIO:
    return cast(BinaryIO, gzip.open(path)) if path.suffix == ".gz" else path.open("rb")


def count_traces(path: Path) -> int:
    """How many traces a log holds. Raises UnreadableLog."""
    try:
        with _open(path) as file:
            count, rest = 0, b""
            while block := file.read(BLOCK):
                text = rest + block
                count += text.count(b"<trace>") + text.count(b"<trace ")
                rest = text[-6:]
            return count
    except FileNotFoundError:
        raise UnreadableLog(f"{path}: there is no such file") from None
    except (OSError, EOFError, zlib.error) as error:
        raise UnreadableLog(f"{path}: cannot be read ({error})") from error


def read_log(path: Path, amount: str) -> Iterator[LogTrace]:
    """Every trace; `amount` names the event attribute that holds euros. Raises UnreadableLog, also half-way."""
    found = False
    try:
        with _open(path) as file:
            parsed = etree.iterparse(
                file, events=("end",), tag="{*}trace", resolve_entities=False, no_network=True, load_dtd=False
            )
            for _, element in parsed:
                found = True
                yield _trace(path, element, amount)
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]
    except FileNotFoundError:
        raise UnreadableLog(f"{path}: there is no such file") from None
    except etree.XMLSyntaxError as error:
        raise UnreadableLog(f"{path}: is no well-formed XES ({error.msg})") from error
    except (OSError, EOFError, zlib.error) as error:
        raise UnreadableLog(f"{path}: cannot be read ({error})") from error
    if not found:
        raise UnreadableLog(f"{path}: holds no traces")


def _attributes(element: etree._Element) -> dict[str, str]:
    return {str(child.get("key")): str(child.get("value")) for child in element if child.get("key") is not None}


def _trace(path: Path, element: etree._Element, amount: str) -> LogTrace:
    number = _attributes(element).get("concept:name")
    if not number:
        raise UnreadableLog(f"{path}:{element.sourceline}: a trace has no concept:name")
    events = tuple(_event(path, child, amount) for child in element.iterchildren("{*}event"))
    return LogTrace(number, events)


def _event(path: Path, element: etree._Element, amount: str) -> LogEvent:
    values = _attributes(element)
    try:
        at = datetime.fromisoformat(values["time:timestamp"])
        activity = values["concept:name"]
    except (KeyError, ValueError) as error:
        raise UnreadableLog(f"{path}:{element.sourceline}: an event has no usable name or time ({error})") from error
    if at.tzinfo is None:
        raise UnreadableLog(f"{path}:{element.sourceline}: the time {at} has no time zone")
    return LogEvent(
        activity,
        at.astimezone(UTC),
        values.get("org:role", "UNDEFINED"),
        _cents(path, element, values.get(amount)),
    )


def _cents(path: Path, element: etree._Element, text: str | None) -> int | None:
    if text is None or not text.strip():
        return None
    try:
        cents = int((Decimal(text) * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))
    except (InvalidOperation, ValueError) as error:
        raise UnreadableLog(f"{path}:{element.sourceline}: '{text}' is no amount") from error
    return cents if cents > 0 else None
