"""Legal terms from the command line: the table, and why a term ends when it ends."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from wijkteam.cli import main

Run = Callable[[str], Result]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    monkeypatch.delenv("WIJKTEAM_WORKFLOWS", raising=False)
    monkeypatch.setenv("WIJKTEAM_DATABASE_URL", f"sqlite:///{tmp_path}/none.sqlite")

    def command(line: str) -> Result:
        return CliRunner().invoke(main, ["terms", *line.split()], catch_exceptions=False)

    return command


def test_the_table_says_of_every_term_its_length_law_and_source(run: Run) -> None:
    answer = run("list --on 2026-03-02")
    assert answer.exit_code == 0
    assert "awb_decision: Besluit op een aanvraag zonder eigen termijn" in answer.stdout
    assert "8 weken (statutory, days off: act); Awb 4:13(2)" in answer.stdout
    assert "extension: by P6W, at most 1× (Awb 7:10(3)); told before the end" in answer.stdout
    assert "at most 1442 euros" in answer.stdout
    assert "23 rows in force on 2026-03-02, 8 unverified" in answer.stderr
    assert answer.stdout.count("UNVERIFIED") == 9, "eight rows, and the penalty"


def test_a_term_is_explained_step_by_step_in_both_languages(run: Run) -> None:
    line = "explain awb_decision --from 2026-02-02 --suspended 2026-02-10..2026-02-19"
    answer = run(line)
    assert answer.stdout.splitlines() == [
        "Besluit op een aanvraag zonder eigen termijn (Awb 4:13(2)): 2026-04-09",
        "- Begon op maandag 2 februari 2026; die dag telt niet mee. 8 weken: tot en met maandag 30 maart 2026.",
        "- Staat stil van dinsdag 10 februari 2026 tot en met donderdag 19 februari 2026: 10 dagen erbij, tot en met "
        "donderdag 9 april 2026.",
        "- Dat is geen zaterdag, zondag of feestdag.",
        "- De laatste dag is donderdag 9 april 2026.",
    ]
    assert "10 days more" in run(f"{line} --language en").stdout


def test_what_the_law_does_not_allow_is_reckoned_with_a_warning(run: Run) -> None:
    answer = run("explain wmo_investigation --from 2026-03-02 --suspended 2026-03-10..2026-03-19 --extended P6W")
    assert answer.exit_code == 0 and "2026-06-04" in answer.stdout
    assert "cannot be suspended" in answer.stderr and "cannot be extended" in answer.stderr


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        ("explain awb_decisie --from 2026-03-02", 2, "did you mean 'awb_decision'"),
        ("explain wmo_receipt --from 2026-03-02", 1, "no length"),
        ("explain awb_decision --from 1980-01-01", 1, "no row for 'awb_decision' that holds on 1980-01-01"),
        ("explain awb_decision --from 2026-03-02 --suspended gisteren", 2, "write FIRST..LAST"),
        ("explain awb_decision --from 2026-03-02 --suspended 2026-03-10..2026-03-09", 2, "lies before the first"),
        ("explain awb_decision --from 2026-03-02 --suspended 0001-01-01..9999-12-31", 2, "a hundred years"),
        ("explain awb_decision --from 2026-03-02 --extended 6w", 2, "is not a duration"),
        ("explain awb_decision --from 9999-12-30", 2, "no calendar reaches that far"),
        ("explain data_breach --from 2026-03-02 --at middag", 2, "write the time as 14:30"),
        ("explain debt_threatening --from 2026-03-02 --extended P1W", 2, "cannot be extended"),
        ("explain awb_decision", 2, "--from"),
    ],
)
def test_what_cannot_be_explained_is_answered_in_plain_lines(run: Run, line: str, code: int, said: str) -> None:
    answer = run(line)
    assert answer.exit_code == code and said in answer.stderr
    assert "Traceback" not in answer.stderr


def test_a_term_in_hours_ends_at_a_moment(run: Run) -> None:
    assert "2026-03-30 09:30" in run("explain data_breach --from 2026-03-27 --at 08:30").stdout, (
        "over a change of clock"
    )


def test_mistakes_in_a_table_of_ones_own_are_told_with_their_line(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "terms").mkdir()
    (tmp_path / "terms" / "legal.yaml").write_text("legal_terms:\n  - {code: mine}\n", encoding="utf-8")
    monkeypatch.setenv("WIJKTEAM_WORKFLOWS", str(tmp_path))
    answer = run("list")
    assert answer.exit_code == 1 and "legal.yaml:2: 'title' is missing" in answer.stderr
