"""What a statement of a migration would do to a release that still serves, or to people who wait for its lock."""

import re
from collections.abc import Collection, Iterator

WORK = ("event", "reading", "notice", "deadline", "message", "household_case", "track", "goal", "letter")
LARGE = frozenset({*WORK, "document", "search_entry", "payload_key"})
"""Tables that grow with the work: what locks one of these for long is felt by everybody."""

BREAKS = (
    (r"\bDROP TABLE (?:IF EXISTS )?(\w+)", "drops a table"),
    (r"\bALTER TABLE (?:ONLY )?(\w+) DROP COLUMN", "drops a column"),
    (r"\bALTER TABLE (?:ONLY )?(\w+) RENAME", "renames a table or a column"),
    (
        r"\bALTER TABLE (?:ONLY )?(\w+) ALTER COLUMN \w+ SET NOT NULL",
        "asks for a value that the earlier code leaves out",
    ),
    (r"\bALTER TABLE (?:ONLY )?(\w+) ALTER COLUMN \w+ (?:SET DATA )?TYPE", "changes what a column holds"),
    (r"\bALTER TABLE (?:ONLY )?(\w+) ADD COLUMN (?!.*\bDEFAULT\b).*\bNOT NULL", "adds a column that has to be filled"),
    (r"\bALTER TABLE (?:ONLY )?(\w+) ADD CONSTRAINT \w+ (?:CHECK|UNIQUE)", "forbids what the earlier code may write"),
)
LOCKS = (
    (r"\bCREATE (?:UNIQUE )?INDEX (?!CONCURRENTLY).* ON (?:ONLY )?(\w+)", "locks writing while an index is made"),
    (r"\bALTER TABLE (?:ONLY )?(\w+) ADD CONSTRAINT (?!.*NOT VALID).*FOREIGN KEY", "locks while every row is checked"),
    (r"\bUPDATE (\w+) SET", "locks every row that it changes until the upgrade ends"),
)


def made(statement: str) -> str | None:
    """The table that a statement makes."""
    found = re.search(r"\bCREATE TABLE (?:IF NOT EXISTS )?(\w+)", statement)
    return found and found.group(1)


def harm(statement: str, new_tables: Collection[str]) -> Iterator[str]:
    """What is wrong with one statement; what was made since the release before may be changed at will."""
    # the bodies of functions are no statements of the migration itself
    plain = " ".join(re.sub(r"\$(\w*)\$.*?\$\1\$", "''", statement, flags=re.S).replace('"', "").split())
    for rules, tables in ((BREAKS, None), (LOCKS, LARGE)):
        for pattern, what in rules:
            for found in re.finditer(pattern, plain, re.I):
                table = found.group(1)
                if table not in new_tables and (tables is None or table in tables):
                    yield f"{table}: {what}"
