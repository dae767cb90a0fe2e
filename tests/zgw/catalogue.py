"""Types of the catalogue (ZGW Catalogi) with everything that the standard has them say."""

from typing import Any

SELECTION = "https://selectielijst.example/api/v1/resultaten/1"
CATALOGUE = "https://catalogus.example/catalogi/1"
_OF_ZAAKTYPE = {"zaaktypeIdentificatie": "CASUS"}
SAID: dict[str, dict[str, Any]] = {
    "zaaktypen": {
        "identificatie": "CASUS",
        "omschrijving": "Casus",
        "vertrouwelijkheidaanduiding": "zaakvertrouwelijk",
        "doel": "Een huishouden verder helpen",
        "aanleiding": "Een vraag",
        "indicatieInternOfExtern": "extern",
        "handelingInitiator": "Vragen",
        "onderwerp": "Huishouden",
        "handelingBehandelaar": "Helpen",
        "doorlooptijd": "P180D",
        "opschortingEnAanhoudingMogelijk": False,
        "verlengingMogelijk": False,
        "publicatieIndicatie": False,
        "productenOfDiensten": [],
        "referentieproces": {"naam": "Helpen"},
        "verantwoordelijke": "Wijkteams",
        "catalogus": CATALOGUE,
        "beginGeldigheid": "2026-01-01",
        "concept": False,
        **{
            name: []
            for name in (
                "besluittypen",
                "besluittypeOmschrijving",
                "deelzaaktypen",
                "deelzaaktypeIdentificaties",
                "eigenschappen",
                "gerelateerdeZaaktypen",
                "informatieobjecttypen",
                "informatieobjecttypeOmschrijving",
                "resultaattypen",
                "resultaattypeOmschrijving",
                "roltypen",
                "statustypen",
                "zaakobjecttypen",
            )
        },
    },
    "statustypen": {**_OF_ZAAKTYPE, "omschrijving": "Status", "catalogus": CATALOGUE},
    "resultaattypen": {
        **_OF_ZAAKTYPE,
        "omschrijving": "Resultaat",
        "omschrijvingGeneriek": "Verwerkt",
        "resultaattypeomschrijving": SELECTION,
        "selectielijstklasse": SELECTION,
    },
    "roltypen": {**_OF_ZAAKTYPE, "omschrijving": "Behandelaar", "omschrijvingGeneriek": "behandelaar"},
    "besluittypen": {
        "catalogus": CATALOGUE,
        "zaaktypeIdentificaties": ["CASUS"],
        "omschrijving": "Besluit",
        "publicatieIndicatie": False,
        "beginGeldigheid": "2026-01-01",
        "concept": False,
        **{
            name: []
            for name in (
                "informatieobjecttypen",
                "informatieobjecttypeOmschrijvingen",
                "resultaattypen",
                "resultaattypenOmschrijving",
                "vastgelegdIn",
            )
        },
    },
    "informatieobjecttypen": {
        "catalogus": CATALOGUE,
        "omschrijving": "Besluitbrief",
        "vertrouwelijkheidaanduiding": "vertrouwelijk",
        "beginGeldigheid": "2026-01-01",
        "concept": False,
        "zaaktypeIdentificaties": ["CASUS"],
        "besluittypen": [],
        "besluittypeOmschrijving": [],
        "informatieobjectcategorie": "Brief",
    },
}
"""What each kind of type says of itself, besides what a test says of it."""
