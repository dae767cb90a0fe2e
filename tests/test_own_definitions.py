"""A municipality's own files take the place of the shipped ones; one that does not hold what its name says is named."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from wijkteam.cli import main
from wijkteam.rulebook import workflow_folders


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("lists/functions.yaml", "list: functions", "list: funktions", "there is no list 'functions'"),
        ("ladders/ave.yaml", "ladder: ave", "ladder: eva", "there is no ladder 'ave'"),
        ("ladders/ave.yaml", "ladder: ave", "ladder: 7", "must be text"),
        ("lists/functions.yaml", "list: functions", "list: functions\nitems: []", "for the second time"),
    ],
)
def test_an_own_file_that_leaves_out_what_the_house_needs_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str, old: str, new: str, said: str
) -> None:
    own = tmp_path / file
    own.parent.mkdir()
    shipped = (workflow_folders()[0] / file).read_text(encoding="utf-8")
    assert old in shipped
    own.write_text(shipped.replace(old, new), encoding="utf-8")
    monkeypatch.setenv("WIJKTEAM_WORKFLOWS", str(tmp_path))
    result = CliRunner().invoke(main, ["workflow", "check"], catch_exceptions=False)
    assert result.exit_code == 1
    line = shipped[: shipped.index(old)].count("\n") + 1
    assert any(each.startswith(f"{own}:{line}") or said in each for each in result.stderr.splitlines())
    assert said in result.stderr and f"{own}:" in result.stderr
