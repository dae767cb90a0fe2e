"""Letters of decisions: trying the templates, making what is missing, showing one."""

import sys
from pathlib import Path

import click

from wijkteam.access.reading_log import How, log_command
from wijkteam.commands.opening import FOUND_WRONG, USED_WRONG, answers, opened
from wijkteam.documents.pdf import WrongTemplate, make_pdf
from wijkteam.letters.content import TEMPLATES, example
from wijkteam.letters.queries import letters_of
from wijkteam.letters.service import make_missing, pdf_of
from wijkteam.storage.settings import read_settings


@click.group()
def letters() -> None:
    """Letters of decisions.

    Example: wijkteam letters check
    """


@letters.command("check")
@click.option("--output", type=click.Path(path_type=Path, file_okay=False), help="Also write the PDFs to this folder.")
@answers
def check(output: Path | None) -> None:
    """Make every template with made-up content; says with file, line and column what is wrong.

    Example: wijkteam letters check --output var/letters
    """
    own = read_settings().templates
    wrong = 0
    for template in TEMPLATES:
        try:
            content = make_pdf(f"{template}.typ", example(template), own)
        except WrongTemplate as error:
            click.echo(str(error), err=True)
            wrong += 1
            continue
        if output is not None:
            write(output / f"{template}.pdf", content)
        click.echo(f"{template}.typ: {len(content)} bytes")
    if wrong:
        sys.exit(FOUND_WRONG)


@letters.command("make")
@click.option("--missing", is_flag=True, required=True, help="What is not there yet.")
@answers
def make(missing: bool) -> None:
    """Write letters of decisions that have none, and make every PDF that is not there yet.

    Example: wijkteam letters make --missing
    """
    with opened() as (_house, work):
        done, wrong = make_missing(work)
    for line in wrong:
        click.echo(line, err=True)
    click.echo(f"{done} letters made, {len(wrong)} could not be made")
    if wrong:
        sys.exit(FOUND_WRONG)


@letters.command("show")
@click.argument("decision", type=int)
@click.option(
    "--output", required=True, type=click.Path(path_type=Path, dir_okay=False), help="Where to write the PDF."
)
@answers
def show(decision: int, output: Path) -> None:
    """Write the newest letter of a decision, by the number of that decision.

    Example: wijkteam letters show 12 --output brief.pdf
    """
    with opened() as (_house, work):
        found = letters_of(work.session, decision)
        if not found:
            click.echo(f"there is no letter of decision {decision}", err=True)
            sys.exit(USED_WRONG)
        log_command(work, found[0].case_id, "brief (pdf)", How.DOCUMENT)
        write(output, pdf_of(work, found[0].id).content)
        click.echo(f"{found[0].id} written to {output}")


def write(path: Path, content: bytes) -> None:
    """Write a file, with its folder. Raises UsageError when that cannot be done."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        raise click.UsageError(f"{path} cannot be written: {error.strerror}") from error
