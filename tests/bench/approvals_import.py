"""A real log of approvals, run through the engine: events a second."""

import tempfile
import time
from itertools import islice
from pathlib import Path

from wijkteam.assembly import build_house
from wijkteam.engine.loading import load_document
from wijkteam.mandate.approvals import import_approvals
from wijkteam.mandate.approvals_mapping import ApprovalsMapping
from wijkteam.mandate.xes import read_log
from wijkteam.rulebook import workflow_folders
from wijkteam.storage.database import connect
from wijkteam.storage.schema import upgrade

LOG = Path("..") / "shared" / "data" / "approvals_bpic2020" / "DomesticDeclarations.xes.gz"
TRACES = 1_500


def run(profile: bool) -> bool:
    """Measure; there is no bound."""
    del profile
    if not LOG.is_file():
        print(f"  {LOG} is not there")
        return True
    with tempfile.TemporaryDirectory() as name:
        database = connect(f"sqlite:///{Path(name) / 'import.sqlite'}")
        upgrade(database)
        work = build_house(database).work()
        mapping = load_document(workflow_folders()[0] / "mappings" / "approvals_bpic2020.yaml", ApprovalsMapping)
        traces = list(islice(read_log(LOG, mapping.amount), TRACES))
        start = time.perf_counter()
        done = import_approvals(work, mapping, traces, lambda _count: None)
        seconds = time.perf_counter() - start
        work.session.close()
        database.dispose()
    print(f"  {done.events / seconds:.0f} events/s on SQLite ({done.added} traces)")
    return True
