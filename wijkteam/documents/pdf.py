"""Making a PDF from a template and data: accessible (PDF/UA-1) and fit for the archive (PDF/A-2a)."""

import json
from collections.abc import Mapping
from typing import Any

import typst

from wijkteam.shipped import folder


def make_pdf(template: str, data: Mapping[str, Any]) -> bytes:
    """A document from a template under templates/documents/; whatever stands in `data` is text and never markup."""
    root = folder("templates") / "documents"
    made: bytes = typst.compile(
        str(root / template),
        root=str(root),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        pdf_standards=["ua-1", "a-2a"],
    )
    return made
