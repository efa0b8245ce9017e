"""Files on their way to the store, with a progress bar: small ones by form, large ones piece by piece."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from tasrih.cli.deposit import name_of
from tasrih.cli.service import Service
from tasrih.messages import sentence

PAUSES_SECONDS = (1, 2, 5, 10, 20)
"""After each break of the line in a row. After one more we give up: the same command goes on later."""


def send(files: Sequence[Path], opened: dict[str, Any], service: Service, language: str, console: Console) -> None:
    """What is still missing of each file, and a word when all pieces are sent. Raises FormRefused, Refusal, OSError."""
    paths = {name_of(file): file for file in files}
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console) as progress:
        for form in opened["forms"]:
            path = paths[form["name"]]
            bar = _bar(progress, path, language)
            with path.open("rb") as handle:
                service.send_form(form, handle, path.stat().st_size, partial(progress.advance, bar))
        for file in opened["in_pieces"]:
            path, there, missing = paths[file["name"]], len(file["arrived"]), file["missing"]
            if there:
                told = {"name": path.name, "there": there, "all": there + len(missing)}
                console.print(sentence("cli", "pieces_there", language, **told))
            bar = _bar(progress, path, language)
            _Sender(opened["upload"], file["name"], path, service, progress, bar).send(missing)
    if opened["in_pieces"]:
        service.post(f"/uploads/{opened['upload']}/complete", {})


def _bar(progress: Progress, path: Path, language: str) -> TaskID:
    return progress.add_task(sentence("cli", "sending", language, name=path.name), total=path.stat().st_size)


@dataclass(frozen=True, slots=True)
class _Sender:
    """Of one large file."""

    upload: str
    name: str
    """As announced."""
    path: Path
    service: Service
    progress: Progress
    bar: TaskID

    def send(self, missing: list[dict[str, Any]]) -> None:
        """Until none is missing. A piece at which the line breaks is sent again, those before it are not."""
        broken = 0
        while True:
            try:
                for sent, piece in enumerate(missing):
                    self._send(piece, bytes_left=sum(each["size"] for each in missing[sent:]))
                    broken = 0
                self._show(0)
                missing = self._ask()
                if not missing:
                    return
            except OSError:
                if broken == len(PAUSES_SECONDS):
                    raise
                time.sleep(PAUSES_SECONDS[broken])
                broken += 1
                with suppress(OSError):
                    missing = self._ask()

    def _send(self, piece: dict[str, Any], bytes_left: int) -> None:
        self._show(bytes_left)
        with self.path.open("rb") as handle:
            handle.seek(piece["first_byte"])
            body = handle.read(piece["size"])
        self.service.send_piece(piece, body, self.name, partial(self.progress.advance, self.bar))

    def _show(self, bytes_left: int) -> None:
        self.progress.update(self.bar, completed=self.path.stat().st_size - bytes_left)

    def _ask(self) -> list[dict[str, Any]]:
        """Anew which pieces are missing; fresh addresses come with it."""
        opened = self.service.get(f"/uploads/{self.upload}/pieces")
        return next(list(file["missing"]) for file in opened["in_pieces"] if file["name"] == self.name)
