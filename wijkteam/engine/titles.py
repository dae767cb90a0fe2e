"""What steps are called, also those that only an older version of a workflow knows."""

from wijkteam.engine.definition import MIGRATE, Text
from wijkteam.engine.running import MIGRATION, Engine


def step_title(engine: Engine, workflow: str, name: str) -> Text:
    """The title of a transition, of the opening, or of a move to another version."""
    if name == MIGRATE:
        return MIGRATION.title
    versions = engine.versions(workflow)
    found = next((known for each in versions if (known := each.transition(name)) is not None), None)
    return found.title if found else versions[0].opening.title
