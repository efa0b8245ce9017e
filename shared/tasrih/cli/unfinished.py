"""Large uploads that were begun here and not seen to their verdict: the same command, given again, goes on with them.

Each is one small file in the user's cache: `tasrih/uploads` under XDG_CACHE_HOME or LOCALAPPDATA, else `~/.cache`. It
holds the request key and the upload's number, nothing of the declaration; its name is a hash of what is sent, for whom
and where to. Removing it loses nothing but the way back.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Any

from tasrih.cli.service import Refusal, Service

OPEN = ("awaiting_upload", "received")
_NEVER_CAME = "E490"


def cache_folder() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    return (Path(base) if base else Path.home() / ".cache") / "tasrih" / "uploads"


class Unfinished:
    """What is remembered of one announcement. A small one is sent anew as quickly, so nothing is remembered of it; nor
    where nothing can be written."""

    def __init__(self, service: Service, user: str, asked: dict[str, Any]) -> None:
        self._lasts = any(file["pieces"] for file in asked["files"])
        same = {name: value for name, value in asked.items() if name not in ("request", "language")}
        told = json.dumps([service.url, user, same], sort_keys=True)
        self._service, self._asked = service, asked
        self._file = cache_folder() / f"{hashlib.sha256(told.encode()).hexdigest()}.json"
        self._kept = self._read() if self._lasts else {}

    def verdict(self) -> dict[str, Any] | None:
        """On what this same command sent before, if it was decided meanwhile. Not that it never came whole: then it is
        sent anew."""
        upload = self._kept.get("upload")
        if not upload:
            return None
        try:
            view: dict[str, Any] = self._service.get(f"/uploads/{upload}")
        except Refusal:
            self.forget()
            return None
        if view["state"] in OPEN:
            return None
        self.forget()
        return None if any(each["code"] == _NEVER_CAME for each in view["counts"]) else view

    def open(self) -> dict[str, Any]:
        """The upload begun before, or a new one, and what is still to be sent."""
        known = "request" in self._kept
        self._keep(request=self._kept.get("request") or secrets.token_hex(16))
        try:
            opened: dict[str, Any] = self._service.post("/uploads", {**self._asked, "request": self._kept["request"]})
        except Refusal as refusal:
            if not known or refusal.problem != "request_over":
                raise
            self.forget()
            return self.open()
        self._keep(upload=opened["upload"])
        return opened

    def forget(self) -> None:
        self._kept = {}
        with suppress(OSError):
            self._file.unlink(missing_ok=True)

    def _read(self) -> dict[str, str]:
        try:
            kept = json.loads(self._file.read_text("ascii"))
        except (OSError, ValueError):
            return {}
        return {str(name): str(value) for name, value in kept.items()} if isinstance(kept, dict) else {}

    def _keep(self, **told: str) -> None:
        self._kept |= told
        if not self._lasts:
            return
        with suppress(OSError):
            self._file.parent.mkdir(parents=True, exist_ok=True)
            self._file.write_text(json.dumps(self._kept), "ascii")
