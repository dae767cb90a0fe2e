"""Commands about settings: what there is, what is in force and from where, and whether it can be used."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from wijkteam.commands.opening import USED_WRONG, answers
from wijkteam.engine.loading import WrongDefinition
from wijkteam.signing_in.single_sign_on.settings import read_ways_in
from wijkteam.storage.known_settings import BY_NAME, SETTINGS, Known, not_known
from wijkteam.storage.settings import WrongSettings, read_settings
from wijkteam.storage.settings_file import named_file, read_file
from wijkteam.webhooks.settings import read_outlet
from wijkteam.zgw.mapping import read_mapping


@contextmanager
def named_in_environment(path: Path) -> Iterator[None]:
    """Let everything in this process, and what it starts, read its settings from that file."""
    before = {name: os.environ.pop(name, None) for name in ("WIJKTEAM_CONFIG", "WIJKTEAM_SETTINGS")}
    os.environ["WIJKTEAM_CONFIG"] = str(path)
    try:
        yield
    finally:
        os.environ.pop("WIJKTEAM_CONFIG", None)
        os.environ.update({name: value for name, value in before.items() if value is not None})


@click.group()
def config() -> None:
    """Settings, from variables and from one file.

    Example: wijkteam config explain
    """


@config.command("explain")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--toml", is_flag=True, help="As a file to begin with, in which nothing is set yet.")
@answers
def explain(names: tuple[str, ...], toml: bool) -> None:
    """Every setting: what for, its value, and where that comes from. Secrets are masked.

    Example: wijkteam config explain database_url
    """
    if toml:
        for each in SETTINGS[:-2]:
            click.echo(f'# {each.meaning}; left out: {each.left_out}\n# {each.key} = ""\n')
        return
    file = named_file(os.environ)
    in_file = read_file(file) if file else {}
    for each in _asked(names):
        value, source = _in_force(each, in_file, file)
        click.echo(f"{each.name}\n    {each.meaning}\n    {value}   ({source})")


def _asked(names: tuple[str, ...]) -> list[Known]:
    full = [name.upper() if name.upper().startswith("WIJKTEAM_") else f"WIJKTEAM_{name.upper()}" for name in names]
    strange = not_known(dict.fromkeys(full))
    if strange:
        raise WrongSettings("\n".join(strange))
    return [BY_NAME[name] for name in full] or list(SETTINGS)


def _in_force(setting: Known, in_file: dict[str, str], file: Path | None) -> tuple[str, str]:
    if os.environ.get(setting.name):
        over = f", instead of what {file} says" if setting.name in in_file else ""
        return setting.said(os.environ[setting.name]), f"variable {setting.name}{over}"
    if in_file.get(setting.name):
        return setting.said(in_file[setting.name]), f"file {file}"
    return setting.left_out, "left out"


@config.command("check")
@answers
def check() -> None:
    """Say of each setting that cannot be used what is wrong; exit code 2 when there is one.

    Example: wijkteam --config /etc/wijkteam/wijkteam.toml config check
    """
    wrong = not_known(os.environ)
    for reading in (read_settings, read_ways_in, read_outlet, read_mapping):
        try:
            reading()
        except (WrongSettings, WrongDefinition) as error:
            wrong += str(error).splitlines()
    for line in dict.fromkeys(wrong):
        click.echo(line, err=True)
    if wrong:
        sys.exit(USED_WRONG)
    file = named_file(os.environ)
    click.echo(f"every setting can be used{f' ({file})' if file else ''}; whether they are safe: wijkteam doctor")
