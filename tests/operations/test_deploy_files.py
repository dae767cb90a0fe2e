"""The units, the settings and the container file that come along name only what there is, and run as nobody special."""

import re
import shlex
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from wijkteam.cli import main
from wijkteam.storage.known_settings import BY_NAME, SETTINGS

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "docs" / "deploy"
PROGRAM = "/opt/wijkteam/bin/wijkteam"
SERVICES = sorted(each.name for each in DEPLOY.glob("*.service"))
IN_IMAGE = {"python", "/opt/wijkteam/bin/pip", "useradd", "install"}
"""Programs that a slim image of Python on Debian has, or that a step before made."""


def unit(name: str) -> dict[str, list[str]]:
    """What a unit says, by key; a key can stand there more than once."""
    found: dict[str, list[str]] = defaultdict(list)
    for line in (DEPLOY / name).read_text().splitlines():
        key, is_said, value = line.partition("=")
        if is_said and not line.startswith("#"):
            found[key].append(value)
    return found


def asked(command: str) -> Iterator[list[str]]:
    """What a line of a unit asks of our program, also where a shell does the asking."""
    for words in re.findall(rf"{PROGRAM} ([^'>]*)", command):
        yield shlex.split(words)


def accept(words: list[str]) -> None:
    """Fails when there is no such command, or it has no such option."""
    command: click.Command = main
    with click.Context(main) as context:
        while isinstance(command, click.Group):
            name, found, words = command.resolve_command(context, words)
            assert found is not None, name
            command = found
        command.make_parser(click.Context(command)).parse_args(list(words))


@pytest.mark.parametrize("name", SERVICES)
def test_each_service_runs_commands_that_there_are_with_settings_that_are_known_and_not_as_root(name: str) -> None:
    said = unit(name)
    commands = [words for line in said["ExecStart"] for words in asked(line)]
    assert len(commands) == len(said["ExecStart"]), "each line runs our program"
    for words in commands:
        accept(words)
    for line in said["Environment"]:
        assert line.partition("=")[0] in BY_NAME, line
    assert said["User"] not in ([], ["root"])
    known = {each.name for each in DEPLOY.iterdir()}
    for other in " ".join([*said["Requires"], *said["After"]]).split():
        assert other in known or other == "network-online.target", other


def test_a_command_or_an_option_that_there_is_not_would_be_found() -> None:
    for wrong in (["serf"], ["serve", "--prot", "1"], ["audit", "heads"]):
        with pytest.raises(click.UsageError):
            accept(wrong)


def test_what_the_example_of_settings_names_is_known_and_may_be_written_where_it_is() -> None:
    settings = tomllib.loads((DEPLOY / "wijkteam.toml").read_text())
    assert settings.keys() <= {each.key for each in SETTINGS}
    may_write = [Path(each) for each in " ".join(unit("wijkteam-web.service")["ReadWritePaths"]).split()]
    made = [Path(settings[name]) for name in ("secret_key_file", "key_ring_file", "seal_key_file")]
    assert all(any(place in file.parents for place in may_write) for file in made), "keys that are made at first use"


def test_the_timer_and_the_socket_belong_to_services() -> None:
    for each in (*DEPLOY.glob("*.timer"), *DEPLOY.glob("*.socket")):
        assert f"{each.stem}.service" in SERVICES
        assert unit(each.name)["WantedBy"]


def instructions() -> list[tuple[str, str]]:
    """The lines of the container file: instruction and what it says, with lines that go on put together."""
    text = re.sub(r"(?m)^#.*\n", "", (DEPLOY / "Containerfile").read_text()).replace("\\\n", " ")
    lines = [line.partition(" ") for line in text.splitlines() if line.strip()]
    return [(name, said.strip()) for name, _space, said in lines]


def test_the_container_builds_from_what_there_is_with_programs_that_are_in_it() -> None:
    stages = [said.split() for name, said in instructions() if name == "FROM"]
    assert all(each[0].startswith("python:3.11") for each in stages), "the version that the tests run on"
    runs = [shlex.split(part) for name, said in instructions() if name == "RUN" for part in said.split("&&")]
    assert {words[0] for words in runs} <= IN_IMAGE
    sources = [word for words in runs for word in words if word.startswith("/source/")]
    assert sources and all((ROOT / each.removeprefix("/source/")).is_file() for each in sources)
    ignored = (ROOT / ".dockerignore").read_text().split()
    assert {".git", "var"} <= set(ignored), "no keys and no database of whoever builds it"


def test_the_container_runs_as_a_user_of_its_own_says_whether_it_lives_and_knows_its_settings() -> None:
    last: dict[str, str] = dict(instructions())
    assert int(last["USER"]) > 0
    made = next(said for name, said in instructions() if name == "RUN" and "useradd" in said)
    assert f"--uid {last['USER']}" in made and "-m 0700 /keys" in made
    environment = dict(each.partition("=")[::2] for each in shlex.split(last["ENV"]))
    ours = {name: value for name, value in environment.items() if name.startswith("WIJKTEAM_")}
    assert ours.keys() <= BY_NAME.keys()
    assert all(value.startswith("/keys/") for name, value in ours.items() if "KEY" in name)
    assert f"http://127.0.0.1:{last['EXPOSE']}/healthz" in last["HEALTHCHECK"]
    serve = main.commands["serve"]
    assert {each.name: each.default for each in serve.params}["port"] == int(last["EXPOSE"])
    assert last["ENTRYPOINT"] == f'["{PROGRAM}"]'
    accept(shlex.split(last["CMD"].strip("[]")))
    accept(["worker"])
