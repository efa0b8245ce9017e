"""The receipt as a PDF: one A4 page (more when there is more to say), Arabic and French as equals."""

from __future__ import annotations

import json
from datetime import datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from tasrih.correspondence.facts import WITHDRAWAL_FORMAT, Facts
from tasrih.correspondence.view import page
from tasrih.correspondence.withdrawal_view import withdrawal_page

HERE = Path(__file__).parent
STANDARDS = ["a-2a", "ua-1"]
"""Archiving and accessibility, as the exporter enforces them."""


@cache
def _compiler() -> Any:
    import typst

    return typst.Compiler(root=str(HERE), font_paths=[str(HERE / "fonts")], ignore_system_fonts=True)


def qr_svg(text: str) -> bytes:
    """The code as a drawing, with the white border that readers need; 15 % of it may be damaged."""
    import segno

    drawn = BytesIO()
    segno.make_qr(text, error="m", boost_error=False).save(drawn, kind="svg", border=4, xmldecl=False)
    return drawn.getvalue()


def receipt_pdf(facts: Facts, qr_text: str) -> bytes:
    """The page as PDF/A-2a and PDF/UA-1; the same facts and code always give the same bytes.

    Raises typst.TypstError when the page cannot be set, KeyError when the facts are no receipt's.
    """
    withdrawal = facts["format"] == WITHDRAWAL_FORMAT
    shown = withdrawal_page(facts) if withdrawal else page(facts)
    inputs = {"page": json.dumps(shown, ensure_ascii=False), "qr": qr_svg(qr_text).decode("utf-8")}
    made: bytes = _compiler().compile(
        str(HERE / "receipt.typ"),
        format="pdf",
        sys_inputs=inputs,
        pdf_standards=STANDARDS,
        timestamp=int(datetime.fromisoformat(facts["withdrawn_at" if withdrawal else "arrived_at"]).timestamp()),
    )
    return made
