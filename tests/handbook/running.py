"""Carries out what the handbook tells its reader to do: files are written, commands and requests are really done.

A block is for doing when it has a title: "terminal" holds commands, "output" what they must have said, and any other
title is the name of a file ("NAME +": what comes under it). Commands run in this process, in a folder of their own.
"""

import re
import shlex
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from click.testing import CliRunner
from flask.testing import FlaskClient

from tests.handbook.reading import Block
from wijkteam.cli import main

TERMINAL, OUTPUT = "terminal", "output"
TOLD_NUMBER = re.compile(r"proposed as (\w+);")


@dataclass
class Reader:
    """Somebody who does everything that a page says, line by line."""

    folder: Path
    browser: FlaskClient | None = None
    known: dict[str, str] = field(default_factory=dict)
    """What stands for a word in capitals: what the reader was told before, or has of their own."""
    said: str = ""

    def does(self, block: Block) -> None:
        if block.title == TERMINAL:
            self.said = "".join(self._typed(line) for line in joined(block.said))
        elif block.title == OUTPUT:
            missing = not_said(block.said, self.said)
            assert missing is None, f"was never said: {missing!r}\n{self.said}"
        elif block.title:
            self._writes(block)

    def _writes(self, block: Block) -> None:
        path = self.folder / block.title.removesuffix(" +")
        path.parent.mkdir(parents=True, exist_ok=True)
        before = path.read_text() if block.title.endswith(" +") else ""
        path.write_text(before + block.said)

    def _typed(self, line: str) -> str:
        words = [self._filled(word) for word in shlex.split(line, comments=True)]
        if words[0] == "export":
            name, _is, value = words[1].partition("=")
            self.known.setdefault(name, value)
            return ""
        if words[0] == "curl":
            return self._requested(words[1:])
        assert words[0] == "wijkteam", f"a reader cannot be told to run {words[0]!r} here"
        *rest, into = words if ">" in words else (*words, None)
        arguments = [word for word in rest[1:] if word != ">"]
        settings = {name: value for name, value in self.known.items() if name.startswith("WIJKTEAM_")}
        done = CliRunner().invoke(main, arguments, env=settings)
        if into is not None:
            assert done.exit_code == 0, done.output
            (self.folder / into).write_text(done.stdout)
        assert done.exit_code in (0, 1, 2) and not isinstance(done.exception, AssertionError), done.exception
        told = TOLD_NUMBER.search(done.output)
        if told:
            self.known["ID"] = told[1]
        return done.output

    def _filled(self, word: str) -> str:
        """With what is known for `$NAME` and for a bare name in capitals."""
        filled = re.sub(r"\$([A-Z]+)", lambda found: self.known[found[1]], word)
        return self.known.get(filled, filled) if filled.isupper() else filled

    def _requested(self, words: list[str]) -> str:
        """A request as curl would send it, to the pages in this process."""
        assert self.browser is not None
        headers: dict[str, str] = {}
        method, data, url = "", None, ""
        waiting = iter(words)
        for word in waiting:
            if word == "-H":
                name, _is, value = next(waiting).partition(": ")
                headers[name] = value
            elif word == "-X":
                method = next(waiting)
            elif word == "-d":
                data = next(waiting)
            elif word != "-i":
                url = word
        where = url.removeprefix(self.known["ADDRESS"])
        answer = self.browser.open(where, method=method or ("POST" if data else "GET"), headers=headers, data=data)
        self._keeps(answer.get_json(silent=True), answer.headers.get("ETag"))
        told = "".join(f"{name}: {value}\n" for name, value in answer.headers.items())
        return f"HTTP/1.1 {answer.status}\n{told}\n{answer.get_data(as_text=True)}\n"

    def _keeps(self, told: Any, tag: str | None) -> None:
        if isinstance(told, dict) and "id" in told:
            self.known["CASE"] = str(told["id"])
        if tag:
            self.known["ETAG"] = tag


def joined(said: str) -> list[str]:
    """Lines as a shell reads them: one that ends with a backslash goes on."""
    return [line for line in said.replace("\\\n", " ").splitlines() if line.strip()]


def not_said(expected: str, said: str) -> str | None:
    """The first expected line that does not come in order in what was said; "…" stands for anything."""
    lines = iter(said.splitlines())
    for line in expected.splitlines():
        pattern = re.compile(".*".join(re.escape(part.strip()) for part in line.split("…")))
        if not any(pattern.search(each) for each in lines):
            return line
    return None
