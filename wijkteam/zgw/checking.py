"""Checking a mapping against the catalogue itself (ZGW Catalogi): the types are there, and belong together."""

from typing import Any

from wijkteam.zgw.mapping import ZgwMapping
from wijkteam.zgw.talking import CaseSystem, NotNow, Refused


def wrong_types(mapping: ZgwMapping, system: CaseSystem) -> list[str]:
    """A line for each type that is not there, is of another zaaktype, or ends a case where it should not."""
    if mapping.catalogi is None:
        return ["catalogi: without its address the types cannot be checked"]
    if mapping.case is None:
        return []
    found: list[str] = []
    final = mapping.case.statuses.get("closed")
    for resource, url in dict.fromkeys(mapping.types()):
        try:
            kind = system.read(url)
        except (NotNow, Refused) as error:
            found.append(f"{resource}: {url}: {error}")
            continue
        if not _belongs(resource, kind, mapping.case.type):
            found.append(f"{resource}: {url} is of another zaaktype")
        if resource == "statustypen" and bool(kind.get("isEindstatus")) != (url == final):
            found.append(f"statustypen: {url} " + ("does not end a zaak" if url == final else "ends a zaak"))
    return found


def _belongs(resource: str, kind: dict[str, Any], zaaktype: str) -> bool:
    if resource == "zaaktypen":
        return not kind.get("concept", False)
    if resource in ("besluittypen", "informatieobjecttypen"):
        return zaaktype in (kind.get("zaaktypen") or [])
    return bool(kind.get("zaaktype") == zaaktype)
