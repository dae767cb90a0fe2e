"""The town beside a case system that is set up for it, with a mapping as a municipality would write it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import Town
from tests.zgw.stand_in import CLIENT, SECRET, StandIn, stand_in
from wijkteam.cases.model import HouseholdCase
from wijkteam.cases.service import NewCase, open_case
from wijkteam.terms import clock
from wijkteam.zgw.looking import Looked, look_round
from wijkteam.zgw.mapping import ZgwMapping, read_mapping
from wijkteam.zgw.notifying import Notified, notify_round
from wijkteam.zgw.publishing import Published, publish_round
from wijkteam.zgw.taking import TakenIn, take_round
from wijkteam.zgw.talking import case_system

STATES = ("clarifying", "planning", "carrying_out", "closed")
OUTCOMES = ("achieved", "partly", "not_achieved")
TOKEN = "Bearer notificaties-van-voorbeeldstad"


@dataclass
class Elsewhere:
    """The town, its case system, and what it was agreed to tell."""

    town: Town
    system: StandIn
    file: Path
    document: dict[str, Any]

    @property
    def mapping(self) -> ZgwMapping:
        """The mapping as the file says it now."""
        found = read_mapping()
        assert found is not None
        return found

    def write(self) -> None:
        """Write the mapping down."""
        self.file.write_text(yaml.safe_dump(self.document, allow_unicode=True), encoding="utf-8")

    def round(self) -> Published:
        """One round of the worker's telling."""
        done = publish_round(self.town.clockwork(), self.mapping, case_system(self.mapping))
        assert (self.system.broken, self.system.refused) == ([], [])
        return done

    def with_notifications(self, **channel: Any) -> None:
        """Hear of changes from the notification system; with `channel` be a source to it too."""
        here = {
            "callback": "https://wijkteam.example/zgw/notificaties",
            "api": f"{self.system.root}/notificaties/api/v1",
        }
        here["authorization_file"] = str(self.file.parent / "notificaties")
        own = {"name": "casussen", "source": "https://wijkteam.example/api/v1/cases", **channel}
        self.document["notifications"] = {**here, **({"channel": own} if channel else {})}
        self.write()

    def look(self) -> Looked:
        """One round of the worker's looking at what others changed."""
        done = look_round(self.town.clockwork(), self.mapping, case_system(self.mapping))
        assert (self.system.broken, self.system.refused) == ([], [])
        return done

    def notify(self) -> Notified:
        """One round of the worker's notifying."""
        done = notify_round(self.town.clockwork(), self.mapping, case_system(self.mapping))
        assert self.system.broken == []
        return done

    def take(self) -> TakenIn:
        """One round of the worker's taking in."""
        return take_round(self.town.clockwork(), self.mapping, case_system(self.mapping), self.town.house.signal_table)

    def with_letters(self) -> None:
        """Let letters of decisions leave, under a confidentiality that fits."""
        types = self.document["case"]
        kind = self.system.hold("catalogi", "informatieobjecttypen", zaaktypen=[types["type"]])
        types["documents"], self.document["confidentiality"] = {"decision_letter": kind}, "vertrouwelijk"
        self.write()

    def case(self, clear: bool = True) -> HouseholdCase:
        """A case of Fenna's, of which the question is being made clear."""
        fenna = self.town.work("fenna")
        case = open_case(fenna, NewCase("Geheimstraat 7", "Schulden", "Bellen", clock.today()))
        if clear:
            fenna.act_on(HouseholdCase, case.id, "found_safe", {"safety": "Goed."})
        return case


@pytest.fixture
def elsewhere(town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Elsewhere]:
    with stand_in() as system:
        zaaktype = system.hold("catalogi", "zaaktypen", omschrijving="Casus", concept=False)
        statuses = {
            state: system.hold(
                "catalogi", "statustypen", zaaktype=zaaktype, volgnummer=number, isEindstatus=state == "closed"
            )
            for number, state in enumerate(STATES, 1)
        }
        results = {each: system.hold("catalogi", "resultaattypen", zaaktype=zaaktype) for each in OUTCOMES}
        roles = {each: system.hold("catalogi", "roltypen", zaaktype=zaaktype) for each in ("owner", "team")}
        decisions = {"mini_budget": system.hold("catalogi", "besluittypen", zaaktypen=[zaaktype])}
        system.hold("notificaties", "kanaal", naam="zaken")
        (tmp_path / "secret").write_text(SECRET)
        (tmp_path / "notificaties").write_text(TOKEN)
        document = {
            "zgw": 1,
            **{api: f"{system.root}/{api}/api/v1" for api in ("zaken", "besluiten", "catalogi", "documenten")},
            "client_id": CLIENT,
            "secret_file": str(tmp_path / "secret"),
            "organisation": "517439943",
            "case": {
                "type": zaaktype,
                "statuses": statuses,
                "results": results,
                "roles": roles,
                "decisions": decisions,
            },
            "intake": {
                "types": [system.hold("catalogi", "zaaktypen", omschrijving="Melding", concept=False)],
                "authorization_file": str(tmp_path / "notificaties"),
            },
        }
        monkeypatch.setenv("WIJKTEAM_ZGW_FILE", str(tmp_path / "zgw.yaml"))
        found = Elsewhere(town, system, tmp_path / "zgw.yaml", document)
        found.write()
        yield found
