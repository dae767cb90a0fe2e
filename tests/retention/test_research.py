"""The file for research: every row is the same for at least k households, as the file itself shows."""

import csv
import io

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import Town
from tests.retention.dossier import full_case
from wijkteam.cli import main
from wijkteam.retention.research import (
    ANY,
    COLUMNS,
    Anonymous,
    ClosedCase,
    anonymous,
    closed_cases,
    k_of,
    least_outcomes,
    write_csv,
)

CASES = st.lists(
    st.builds(
        ClosedCase,
        household=st.integers(1, 400),
        year=st.integers(2018, 2030),
        wijk=st.sampled_from(["", "WK001", "WK002", "WK003"]),
        days=st.integers(0, 1500),
        outcome=st.sampled_from(["achieved", "partly", "not_achieved"]),
        barrier=st.sampled_from(["", "housing", "no_budget"]),
    ),
    max_size=150,
)


def read_back(made: Anonymous) -> list[tuple[str, ...]]:
    file = io.StringIO()
    write_csv(made, file)
    first, *rows = csv.reader(io.StringIO(file.getvalue()))
    assert tuple(first) == COLUMNS
    return [tuple(row) for row in rows]


@given(CASES, st.integers(5, 25))
def test_k_can_be_counted_again_from_the_file_alone(found: list[ClosedCase], k: int) -> None:
    made = anonymous(found, k)
    rows = read_back(made)
    assert not rows or k_of(rows) >= k
    assert len(rows) + made.left_out == len(found), "nothing is added, and what is left out is told"
    assert rows == sorted(rows), "the order tells nothing"
    assert made.least_outcomes == least_outcomes(rows)


@given(CASES, st.integers(5, 25))
def test_two_cases_of_one_household_count_once(found: list[ClosedCase], k: int) -> None:
    same = [ClosedCase(1, 2026, "WK001", 40, "partly", "housing")] * (k + 3)
    assert anonymous(same, k).rows == []
    several = anonymous([*found, *same], k)
    assert not several.rows or k_of(several.rows) >= k


def test_columns_are_made_no_coarser_than_needed() -> None:
    alike = [ClosedCase(number, 2026, "WK001", 40, "partly", "housing") for number in range(10)]
    made = anonymous(alike, 10)
    assert made.rows == [("2026", "WK001", "0-3 months", "partly", "housing")] * 10
    scattered = [ClosedCase(n, 2000 + n, f"WK{n}", n * 100, "partly", "") for n in range(20)]
    assert anonymous(scattered, 15).rows[0] == (ANY, ANY, "over 6 months", "partly", ANY)


def test_the_command_tells_k_what_was_left_out_and_what_is_not_protected(
    town: Town, database_url: str, tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    full_case(town)
    assert len(closed_cases(town.clockwork().session)) == 1
    town.close()
    monkeypatch.setenv("WIJKTEAM_DATABASE_URL", database_url)
    answer = CliRunner().invoke(main, ["retention", "research", "--to", f"{tmp_path}/file.csv"])
    assert answer.exit_code == 0
    assert "0 closed cases" in answer.output and "1 cases left out" in answer.output
    assert "not protected" in answer.output
    assert CliRunner().invoke(main, ["retention", "research", "--k", "4", "--to", "x"]).exit_code == 2
