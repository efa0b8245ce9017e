"""`tasrih looks`: who looked at your files."""

from __future__ import annotations

import argparse

from tasrih.cli.service import Service
from tasrih.correspondence.looked import look_line


def run(options: argparse.Namespace) -> int:
    service = Service(options.api, options.lang).sign_in(options)
    before = None
    while True:
        page = service.get("/looks", employer=options.employer, before=before)
        for look in page["looks"]:
            print(look_line(look, options.lang))
        before = page["next"]
        if before is None:
            return 0
