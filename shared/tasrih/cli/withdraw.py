"""`tasrih withdraw`: take back a filing in force, and keep the receipt of that."""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Any

from tasrih.cli.service import Service
from tasrih.cli.status import save_receipt, show
from tasrih.cli.submit import certified_by

PATIENCE_SECONDS = 60


def run(options: argparse.Namespace) -> int:
    asked = {"reason": options.reason, "certified": certified_by(options)}
    service = Service(options.api, options.lang).sign_in(options)
    view = service.post(f"/uploads/{options.upload}/withdraw", asked)
    show(view, service, options.lang)
    if options.receipt:
        save_receipt(_signed(view, service), service, Path(options.receipt), options.lang, of="withdrawal")
    return 0


def _signed(view: dict[str, Any], service: Service) -> dict[str, Any]:
    """The same upload once the receipt of its withdrawal is signed, or as it is after a minute."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not view["withdrawal"]["receipt"]["pdf_ready"] and time.monotonic() < deadline:
        time.sleep(0.5)
        view = service.get(f"/uploads/{view['upload']}")
    return view
