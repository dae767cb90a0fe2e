"""A whole real log under four other ceilings, with the curve of all: against merely reading its events.

The last figures are held against a second, independent computation straight from the file.
"""

import tempfile
import time
from pathlib import Path
from statistics import median

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.bench.rounds import told
from tests.mandate import second_what_if as second
from wijkteam.assembly import build_house
from wijkteam.engine.loading import load_document
from wijkteam.events.model import Event
from wijkteam.mandate.approvals import import_approvals
from wijkteam.mandate.approvals_mapping import ApprovalsMapping
from wijkteam.mandate.xes import read_log
from wijkteam.reports.what_if_service import WhatIf, Wish, what_if
from wijkteam.rulebook import workflow_folders
from wijkteam.storage.database import connect
from wijkteam.storage.schema import upgrade

LOG = Path("..") / "shared" / "data" / "approvals_bpic2020" / "DomesticDeclarations.xes.gz"
SOURCE = "approvals_bpic2020"
CEILINGS = (5_000, 10_000, 25_000, 50_000)
ROUNDS = 3
MOST_TIMES = 20
"""How many times the cost of only reading the events it may take."""


def run(profile: bool) -> bool:
    """Measure, and compare the figures with the second computation."""
    del profile
    if not LOG.is_file():
        print(f"  {LOG} is not there")
        return True
    with tempfile.TemporaryDirectory() as name:
        database = connect(f"sqlite:///{Path(name) / 'log.sqlite'}")
        upgrade(database)
        house = build_house(database)
        mapping = load_document(workflow_folders()[0] / "mappings" / f"{SOURCE}.yaml", ApprovalsMapping)
        work = house.work()
        import_approvals(work, mapping, read_log(LOG, mapping.amount), lambda done: None)
        work.session.close()
        reading, replaying = [], []
        for _ in range(ROUNDS):
            with house.open_session() as session:
                reading.append(_seconds_to_read(session))
                start = time.perf_counter()
                found = what_if(session, Wish(SOURCE, ceilings=CEILINGS), house.approving)
                replaying.append(time.perf_counter() - start)
        database.dispose()
    print(f"  {len(found.history.requests)} requests, 4 ceilings, curve: {median(replaying):.2f} s on SQLite")
    times = [whole / only for whole, only in zip(replaying, reading, strict=True)]
    return told("times reading the events", times, MOST_TIMES, at_least=False) & _agrees(found)


def _seconds_to_read(session: Session) -> float:
    start = time.perf_counter()
    columns = (Event.subject_id, Event.name, Event.state_to, Event.actor_id, Event.at)
    for _ in session.execute(select(*columns).order_by(Event.subject_id, Event.sequence)):
        pass
    return time.perf_counter() - start


def _agrees(found: WhatIf) -> bool:
    every = list(second.read(LOG))
    followed = [each for each in every if each.number not in found.history.deviating]
    agrees = True
    for number, ceiling in enumerate(CEILINGS):
        theirs, whole = second.figures(followed, ceiling), second.figures(every, ceiling)
        in_front = found.scenarios[number].replay.in_front
        ours = [each for each in in_front if each.request.number not in found.history.deviating]
        refused = sum(each.fate.startswith("refused") for each in ours)
        days = sum(each.spared.for_answers.total_seconds() for each in ours) / 86_400
        same = (len(ours), sum(each.steps for each in ours), refused) == (
            theirs.in_front,
            theirs.steps,
            theirs.refused,
        ) and abs(days - theirs.days) < 1e-6
        agrees &= same
        print(
            f"  € {ceiling // 100}: {len(in_front)} decided in the front line, "
            f"{found.line('spared').cells[number].value} days spared; the file alone says {whole.in_front} and "
            f"{whole.days:.1f}; without the {len(in_front) - len(ours)} that the workflow could not follow "
            f"{'the same' if same else 'NOT THE SAME'}"
        )
    return agrees
