"""The command line: one entry for every chore."""

from pathlib import Path

import click

from wijkteam.commands.later import Later, Place

PLACES = {
    "api-client": Place(
        "wijkteam.commands.api_clients:api_client",
        "Systems that sign in for themselves (OAuth 2.0 client credentials) and act for a named system person.",
    ),
    "audit": Place("wijkteam.commands.audit:audit", "Proof."),
    "backup": Place(
        "wijkteam.commands.backup:backup",
        "Copy the database and its documents, of one moment, to a new FOLDER, while people work.",
    ),
    "benefit": Place(
        "wijkteam.commands.benefit:benefit",
        "Social cost and benefit: muddling on against breaking through.",
    ),
    "config": Place("wijkteam.commands.config:config", "Settings, from variables and from one file."),
    "db": Place("wijkteam.commands.database:db", "The database."),
    "demo": Place(
        "wijkteam.commands.demonstrating:demo",
        "Fill a database with a fictional municipality and serve it on 127.0.0.1.",
    ),
    "doctor": Place(
        "wijkteam.commands.doctor:doctor",
        "Say what is weak about this installation; exit code 1 when production would be refused.",
    ),
    "export": Place("wijkteam.commands.exporting:export", "Bring figures and the event log out."),
    "figures": Place("wijkteam.commands.figures:figures", "Summaries that the figures of the report are counted from."),
    "import": Place("wijkteam.commands.bringing_in:bring_in", "Bring in real data."),
    "keys": Place(
        "wijkteam.commands.keys:keys",
        "The key ring: what events recorded, residents' numbers and the secrets of apps are sealed under it.",
    ),
    "letters": Place("wijkteam.commands.letters:letters", "Letters of decisions."),
    "mandate": Place(
        "wijkteam.commands.register:mandate",
        "The mandate register, and what another one would have brought.",
    ),
    "messages": Place("wijkteam.commands.messages:messages", "Outgoing mail."),
    "report": Place("wijkteam.commands.reports:report", "Reports."),
    "restore": Place(
        "wijkteam.commands.backup:restore",
        "Put the backup in FOLDER back; never over anything that is there.",
    ),
    "retention": Place(
        "wijkteam.commands.retention:retention",
        "How long records are kept, and destroying them on a signed list.",
    ),
    "search": Place("wijkteam.commands.search:search", "What can be found by searching."),
    "seed": Place(
        "wijkteam.commands.demonstrating:seed",
        "Make up a plausible municipality: households, cases, histories over two years.",
    ),
    "serve": Place("wijkteam.commands.serving:serve", "Serve the pages on 127.0.0.1; on SQLite the worker runs along."),
    "terms": Place("wijkteam.commands.terms:terms", "Legal terms."),
    "user": Place("wijkteam.commands.users:user", "People who can sign in."),
    "worker": Place(
        "wijkteam.commands.serving:worker",
        "Do what is due: missed terms climb or remind, mail goes out. Any number of workers may run.",
    ),
    "workflow": Place("wijkteam.commands.workflow:workflow", "Workflow definitions."),
    "zgw": Place(
        "wijkteam.commands.zaken:zgw",
        "The municipality's case system: zaakgericht werken with the ZGW APIs.",
    ),
}


class Chores(Later):
    """Every chore there is."""

    places = PLACES


@click.group(cls=Chores, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="wijkteam")
@click.option("--config", type=click.Path(path_type=Path), help="File with settings, as WIJKTEAM_CONFIG names.")
@click.pass_context
def main(context: click.Context, config: Path | None) -> None:
    """Case management, mandate and escalation for front-line teams.

    Example: wijkteam demo
    """
    from wijkteam.commands.quiet_logs import begin_logging, mask_all_records

    if config is not None:
        from wijkteam.commands.config import named_in_environment

        context.with_resource(named_in_environment(config))
    mask_all_records()
    begin_logging(as_json=False)
