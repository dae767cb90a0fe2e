"""Help is answered at once: no command is read in for it, and each is once it is asked for."""

import json
import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from wijkteam.cli import PLACES, main

HEAVY = ("sqlalchemy", "flask", "pydantic", "wijkteam.assembly")
ASKED = """
import json, sys
from wijkteam.cli import main
try:
    main(sys.argv[1:])
finally:
    print(json.dumps(sorted(sys.modules)), file=sys.stderr)
"""


@pytest.mark.parametrize("name", sorted(PLACES))
def test_each_command_stands_where_the_list_says_and_is_for_what_it_says(name: str) -> None:
    command = main.get_command(click.Context(main), name)
    assert command is not None and command.name == name
    own = (command.help or "").split("\n\n")[0]
    assert PLACES[name].line == " ".join(own.split())


def test_for_the_list_of_commands_none_of_them_is_read_in() -> None:
    asked = subprocess.run([sys.executable, "-c", ASKED, "--help"], capture_output=True, text=True, check=True)
    read = json.loads(asked.stderr)
    assert "wijkteam.commands.later" in read and [each for each in HEAVY if each in read] == []
    assert all(f"\n  {name} " in asked.stdout for name in PLACES)


def test_a_slip_of_the_pen_is_answered_as_ever() -> None:
    answer = CliRunner().invoke(main, ["sreve"])
    assert answer.exit_code == 2 and "No such command 'sreve'" in answer.stderr
