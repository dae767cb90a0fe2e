"""A register written as YAML, so that it is read back exactly."""

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

import yaml

from wijkteam.mandate.kept import KeptRow
from wijkteam.mandate.register_file import MandateEntry
from wijkteam.terms import clock

PLAIN = re.compile(r"(?!(?:true|false|null|yes|no|on|off)$)[a-z][a-z0-9_]+")
"""Codes that are nothing else in YAML; all other text gets quotes."""
ALWAYS = ("kind", "body")


class _Key(str):
    """The name of a field."""


class _Dumper(yaml.SafeDumper):
    """Text in quotes; names, amounts and days as they are."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=None if PLAIN.fullmatch(text) else '"')


def _amount(dumper: yaml.SafeDumper, amount: Decimal) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:float", f"{amount:.2f}")


def _key(dumper: yaml.SafeDumper, name: _Key) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", str(name))


_Dumper.add_representer(_Key, _key)
_Dumper.add_representer(str, _text)
_Dumper.add_representer(Decimal, _amount)


def said(entry: MandateEntry) -> dict[str, Any]:
    """What an entry says, in the order of its fields; what says nothing is left out."""
    return {
        name: value
        for name in MandateEntry.model_fields
        if (value := getattr(entry, name)) is not None
        and (name in ALWAYS or value != MandateEntry.model_fields[name].default)
    }


def as_yaml(name: str, title: tuple[str, str], rows: Iterable[KeptRow], made_on: date, history: bool = False) -> str:
    """A register in YAML. With history also rows that ended, each with when and why it was revoked."""
    told = [_row(row, history) for row in rows]
    about = "with its history; to change the register, export it without" if history else "as it holds on this day"
    lines = [f"# Mandate register {about}. Written on {made_on.isoformat()}.", f"register: {name}"]
    lines += [_dump({"title": {"nl": title[0], "en": title[1]}}).rstrip()]
    if history:
        lines.append("history: true")
    return "\n".join(lines) + "\n" + (_dump({"mandates": told}) if told else "mandates: []\n")


def _row(row: KeptRow, history: bool) -> dict[str, Any]:
    found = said(row.entry)
    if history and row.revoked_at is not None:
        found["revoked_at"] = f"{clock.local(row.revoked_at):%Y-%m-%dT%H:%M}"
        found["revoked_why"] = row.revoked_why or ""
    return found


def _dump(data: dict[str, Any]) -> str:
    written: str = yaml.dump(_named(data), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10**9)
    return written


def _named(data: Any) -> Any:
    if isinstance(data, dict):
        return {_Key(name): _named(value) for name, value in data.items()}
    return [_named(each) for each in data] if isinstance(data, list) else data
