"""The command that replays past requests under another register."""

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.test_command_line import STEPS, log
from wijkteam.cli import main

SUBMIT, APPROVE = STEPS[0][0], STEPS[1][0]
REJECT, BACK = "Declaration REJECTED by ADMINISTRATION", "Declaration REJECTED by EMPLOYEE"
AGAIN = [
    (SUBMIT, "EMPLOYEE", "2018-01-02T09:00:00.000+01:00"),
    (REJECT, "ADMINISTRATION", "2018-01-05T09:00:00.000+01:00"),
    (BACK, "EMPLOYEE", "2018-01-06T09:00:00.000+01:00"),
    (SUBMIT, "EMPLOYEE", "2018-01-10T09:00:00.000+01:00"),
    (APPROVE, "SUPERVISOR", "2018-01-14T09:00:00.000+01:00"),
]
LOG = ["mandate", "what-if", "--source", "approvals_bpic2020"]
REGISTER = """\
register: wider
title: {nl: Ruimer, en: Wider}
mandates:
  - number: X-1
    power: POWER
    legal_ground: test
    function: log_employee
    per_decision: 30
    VALID
"""


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory, sqlite_template: bytes) -> Path:
    """A database with five requests: four granted in two days, one refused after three and granted four after again."""
    place = tmp_path_factory.mktemp("imported")
    (place / "all.sqlite").write_bytes(sqlite_template)
    path = log(place / "log.xes.gz", {**{f"d{number}": STEPS for number in range(4)}, "again": AGAIN})
    result = CliRunner(env=own(place / "all.sqlite")).invoke(
        main, ["import", "approvals", str(path)], catch_exceptions=False
    )
    assert result.exit_code == 0
    return place / "all.sqlite"


def own(database: Path) -> dict[str, str]:
    """Settings of this database, so that no key ring in the folder from which tests are run is taken for its own."""
    return {
        "WIJKTEAM_DATABASE_URL": f"sqlite:///{database}",
        "WIJKTEAM_KEY_RING_FILE": str(database.parent / "apart" / "key_ring"),
    }


def run(imported: Path, *arguments: str) -> Result:
    return CliRunner(env=own(imported)).invoke(main, [*LOG, *arguments], catch_exceptions=False)


def register(tmp_path: Path, power: str = "expense_declaration", valid: str = "conditions: none") -> str:
    path = tmp_path / "wider.yaml"
    path.write_text(REGISTER.replace("POWER", power).replace("VALID", valid))
    return str(path)


def figures(result: Result) -> dict[str, object]:
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    return {each["code"]: each["values"][0]["value"] for name in ("gain", "price", "rest") for each in found[name]}


def test_gain_and_price_of_a_ceiling(imported: Path) -> None:
    found = figures(run(imported, "--ceiling", "30", "--format", "json"))
    assert (found["front_line"], found["spared"], found["spared_median"]) == (5, 15.0, 2.0)
    assert found["spared_through"] == 20.0, "of the one asked again 12 days instead of 7"
    assert (found["refused_ever"], found["refused_then_granted"], found["refused_ever_amount"]) == (1, 1, 2685)
    assert (found["steps"], found["steps_worth"]) == (6, 11_250)
    narrow = figures(run(imported, "--ceiling", "26,84", "--format", "json"))
    assert (narrow["front_line"], narrow["still_asked"]) == (0, 5)


def test_a_register_in_a_file_does_the_same_as_its_ceiling(imported: Path, tmp_path: Path) -> None:
    wide = run(imported, "--ceiling", "30", "--format", "json")
    assert figures(run(imported, "--register", register(tmp_path), "--format", "json")) == figures(wide)


def test_a_row_that_held_on_no_day_says_so_and_can_be_replayed_all_the_same(imported: Path, tmp_path: Path) -> None:
    later = register(tmp_path, valid="valid_from: 2027-01-01")
    told = run(imported, "--register", later)
    assert "held on no day of this period: X-1" in told.stdout and "--as-if-in-force" in told.stdout
    assert figures(run(imported, "--register", later, "--as-if-in-force", "--format", "json"))["front_line"] == 5


def test_every_figure_opens_to_its_cases(imported: Path) -> None:
    found = json.loads(run(imported, "--ceiling", "30", "--format", "json").stdout)
    for line in [*found["gain"], *found["price"], *found["rest"]]:
        if line["unit"] == "count" and line["code"] != "steps":
            opened = run(imported, "--ceiling", "30", "--cases", line["code"], "--format", "json")
            assert len(json.loads(opened.stdout)) == line["values"][0]["value"], line["code"]
    assert "again" in run(imported, "--ceiling", "30", "--cases", "refused_ever_share").stdout
    rows = list(
        csv.reader(io.StringIO(run(imported, "--ceiling", "30", "--cases", "spared", "--format", "csv").stdout))
    )
    assert sum(float(row[4]) for row in rows[1:]) == 15.0


def test_the_smallest_ceiling_is_told_and_whether_it_lets_too_much_through(imported: Path) -> None:
    told = run(imported, "--spare", "80", "--let-through", "100").stdout
    assert "to spare 80% of the waiting: a ceiling of € 26.85 lets 100.0% of the refusals through" in told
    assert "more than 5%; every ceiling does" in run(imported, "--spare", "80").stdout


def test_table_and_csv_tell_the_same(imported: Path) -> None:
    assert "Refused at least once" in run(imported, "--ceiling", "10", "--ceiling", "30").stdout
    rows = list(csv.reader(io.StringIO(run(imported, "--ceiling", "30", "--format", "csv").stdout)))
    assert ["gain", "front_line", "€ 30", "count", "5", "0"] in rows


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ([], 2, "say --register FILE, --ceiling EUROS, or --spare PERCENT"),
        (["--ceiling", "veel"], 2, "write euros such as 250 or 12.50, instead of 'veel'"),
        (["--ceiling", "-1"], 2, "instead of '-1'"),
        (["--spare", "101"], 2, "a percentage from 0 to 100, instead of '101'"),
        (["--spare", "nan"], 2, "instead of 'nan'"),
        (["--ceiling", "30", "--register", "x.yaml"], 2, "do not go together"),
        (["--register", "x.yaml"], 1, "x.yaml"),
        (["--register", "unknown.yaml"], 1, "unknown.yaml:5: there is no power 'nothing'"),
        (["--ceiling", "30", "--cases", "nothing"], 2, "there is no figure 'nothing'"),
        (["--ceiling", "30", "--ceiling", "40", "--cases", "spared"], 2, "--cases needs one --ceiling"),
        (["--ceiling", "30", "--from", "2018-02-01", "--to", "2018-01-01"], 2, "--from lies after --to"),
        (["--ceiling", "30", "--source", "aprovals_bpic2020"], 2, "did you mean 'approvals_bpic2020'?"),
        (["--ceiling", "30", "--power", "nothing"], 2, "there is no power 'nothing'"),
        (["--ceiling", "30", "--source", "own", "--cases", "spared"], 2, "the page knows: /mandaat/wat-als"),
    ],
)
def test_bad_input_gets_one_clear_answer(
    imported: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], code: int, said: str
) -> None:
    register(tmp_path, "nothing")
    (tmp_path / "wider.yaml").rename(tmp_path / "unknown.yaml")
    monkeypatch.chdir(tmp_path)
    result = run(imported, *arguments)
    assert result.exit_code == code, result.output
    assert said in result.output and "Traceback" not in result.output
