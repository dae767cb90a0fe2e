"""Commands that are read in when they are asked for: help, and a slip of the pen, are answered at once."""

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from typing import NamedTuple

import click


class Place(NamedTuple):
    """Where a command stands, as module:name, and what it is for: the first line of its own help."""

    at: str
    line: str


class Later(click.Group):
    """A group of which each command stands in a place, and is read in no sooner than it is needed.

    What is added to it as to any group is a command of it too.
    """

    places: Mapping[str, Place] = {}

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, in order."""
        return sorted({*self.commands, *self.places})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, read in now if it was not yet; None for none."""
        if cmd_name not in self.commands and cmd_name in self.places:
            module, _, name = self.places[cmd_name].at.partition(":")
            with _without_collecting():
                self.commands[cmd_name] = getattr(import_module(module), name)
        return super().get_command(ctx, cmd_name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list in the help, without reading any command in."""
        width = formatter.width - 6 - max(map(len, self.list_commands(ctx)))
        with formatter.section("Commands"):
            formatter.write_dl([(name, self._line(name, width)) for name in self.list_commands(ctx)])

    def _line(self, name: str, width: int) -> str:
        if name in self.places:
            return click.Command(name, help=self.places[name].line).get_short_help_str(width)
        return self.commands[name].get_short_help_str(width)


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Read modules in without looking for garbage: there is none yet, and all that is made stays.

    A fifth of the time that it takes would go to that; nor is it ever looked through afterwards.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if collecting:
            gc.enable()
