"""`tasrih names`: names that rest on a guess, as every code page reads them; and the reading that a person confirms."""

from __future__ import annotations

import argparse

from tasrih.cli.preview import preview
from tasrih.cli.service import Service
from tasrih.cli.status import show
from tasrih.cli.submit import certified_by, wait
from tasrih.messages import sentence


def run(options: argparse.Namespace) -> int:
    certified = certified_by(options) if options.confirm and not options.test else None
    service = Service(options.api, options.lang).sign_in(options)
    place = f"/uploads/{options.upload}/names"
    if options.confirm:
        service.post(place, {"code_page": options.confirm, "certified": certified})
        show(wait(options.upload, service), service, options.lang)
        return 0
    found = service.get(place)
    if found["confirmed"]:
        print(sentence("cli", "names_confirmed", options.lang, code_page=found["confirmed"]["code_page"]))
    for line in preview(found["guessed"], found["names"], options.lang):
        print(line)
    if found["asked"]:
        print(sentence("cli", "names_confirm", options.lang, upload=options.upload))
    return 0
