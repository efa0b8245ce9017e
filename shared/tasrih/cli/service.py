"""The service's HTTP API, as the commands use it."""

from __future__ import annotations

import argparse
import getpass
import io
import json
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import IO, Any, BinaryIO, cast
from urllib.parse import urlencode

import urllib3

from tasrih.messages import sentence

BOUNDARY = "tasrih-5f0c8f0c1d7e4b0f"
STILL_SECONDS = 60
_RETRIES = urllib3.Retry(total=4, backoff_factor=0.5, status_forcelist=(429, 502, 503, 504), allowed_methods=None)
"""Asking again is safe: an upload is announced with a request key of its own."""
MACHINE, FOR_MACHINES = "machine-", "/machine"
"""How the name of a program begins, and what then stands in front of every path."""


class Refusal(ValueError):
    """The service answered that it cannot do as asked; its own sentence is the message, `problem` its stable key."""

    def __init__(self, message: str, problem: str = "") -> None:
        super().__init__(message)
        self.problem = problem


class FormRefused(ValueError):
    """The store did not take the file: what came is not what was announced."""


class Service:
    """Raises OSError when the service cannot be reached, Refusal when it says no."""

    def __init__(self, url: str, language: str) -> None:
        self.url, self.language = url.rstrip("/"), language
        self._http = urllib3.PoolManager(timeout=urllib3.Timeout(connect=10, read=60), retries=_RETRIES)
        self._token = ""
        self._sign_in: Callable[[], str] | None = None
        """A large upload may outlast its token."""
        self._how: dict[str, str] = {}

    def sign_in(self, options: argparse.Namespace) -> Service:
        """By token file, or by name and password (asked, or from TASRIH_PASSWORD)."""
        if options.token_file:
            self._token = Path(options.token_file).read_text("ascii").strip()
        elif options.user:
            password = os.environ.get("TASRIH_PASSWORD") or getpass.getpass(f"{options.user}: ")
            by_machine = options.user.startswith(MACHINE)
            self._sign_in = partial(
                self._exchange, options.user, password, "machine_client" if by_machine else "client"
            )
            self._token = self._sign_in()
            self.url += FOR_MACHINES if by_machine else ""
        else:
            raise ValueError("--user or --token-file is needed")
        return self

    def with_token(self, token: str) -> Service:
        self._token = token
        return self

    def _exchange(self, user: str, password: str, client: str) -> str:
        asked = {"AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": {"USERNAME": user, "PASSWORD": password}}
        answer = self._identity("InitiateAuth", asked, client)
        while "ChallengeName" in answer:
            responses = {"USERNAME": user, **_respond(answer["ChallengeName"], self.language)}
            asked = {"ChallengeName": answer["ChallengeName"], "ChallengeResponses": responses}
            answer = self._identity("RespondToAuthChallenge", {**asked, "Session": answer["Session"]}, client)
        return str(answer["AuthenticationResult"]["AccessToken"])

    def _identity(self, action: str, asked: dict[str, Any], client: str) -> Any:
        """Cognito's answer. Raises Refusal with its own sentence."""
        self._how = how = self._how or self.get("/service")["sign_in"]
        headers = {
            "Content-Type": "application/x-amz-json-1.1",
            "X-Amz-Target": f"AWSCognitoIdentityProviderService.{action}",
        }
        endpoint = how["endpoint"] or f"https://cognito-idp.{how['region']}.amazonaws.com/"
        body = json.dumps({**asked, "ClientId": how[client]}).encode()
        answer = self._request("POST", endpoint, body, headers)
        found = json.loads(answer.data)
        if answer.status != 200:
            raise Refusal(_refused(found, self.language))
        return found

    def get(self, path: str, **query: object) -> Any:
        return self._call("GET", path, None, query)

    def post(self, path: str, asked: object, **query: object) -> Any:
        return self._call("POST", path, json.dumps(asked).encode(), query)

    def delete(self, path: str) -> Any:
        return self._call("DELETE", path, None, {})

    def put_text(self, path: str, text: str, **query: object) -> Any:
        return self._call("PUT", path, text.encode(), query, "text/csv; charset=utf-8")

    def _call(
        self, method: str, path: str, body: bytes | None, query: dict[str, object], kind: str = "application/json"
    ) -> Any:
        answer = self._answered(method, path, body, query, kind)
        try:
            return json.loads(answer.data)
        except ValueError:
            return {}

    def _answered(
        self, method: str, path: str, body: bytes | None, query: dict[str, object], kind: str
    ) -> urllib3.BaseHTTPResponse:
        """Raises Refusal with the service's own sentence."""
        asked = urlencode({"lang": self.language, **{k: v for k, v in query.items() if v not in (None, "")}})
        answer = self._request(method, f"{self.url}{path}?{asked}", body, self._headers(kind))
        if answer.status == 401 and self._sign_in:
            self._token = self._sign_in()
            answer = self._request(method, f"{self.url}{path}?{asked}", body, self._headers(kind))
        if answer.status >= 400:
            raise _refusal(answer, f"{method} {path}: HTTP {answer.status}")
        return answer

    def get_text(self, path: str) -> str:
        """An answer that is no JSON. Raises Refusal."""
        return self._answered("GET", path, None, {}, "application/json").data.decode()

    def _headers(self, kind: str) -> dict[str, str]:
        return {"Content-Type": kind, **({"Authorization": f"Bearer {self._token}"} if self._token else {})}

    def _request(
        self, method: str, url: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> urllib3.BaseHTTPResponse:
        try:
            return self._http.request(method, url, body=body, headers=headers)
        except urllib3.exceptions.HTTPError as trouble:
            where, why = url.partition("?")[0], type(trouble).__name__
            raise OSError(sentence("cli", "unreachable", self.language, url=where, reason=why)) from None

    def send_piece(self, piece: dict[str, Any], body: bytes, name: str, sent: Callable[[int], None]) -> None:
        """Puts one piece straight to the store, telling how many bytes went. Raises FormRefused when it is not what was
        announced; OSError when the line broke, the store is busy or the address expired: ask for a fresh one."""
        headers = {**piece["headers"], "Content-Length": str(len(body))}
        told = cast(IO[bytes], _Body([], io.BytesIO(body), [], sent))
        answer = self._to_store("PUT", piece["url"], told, headers)
        if answer.status == 400:
            raise FormRefused(name)
        if answer.status >= 300:
            raise OSError(sentence("cli", "line_dropped", self.language, reason=f"HTTP {answer.status}"))

    def send_form(self, form: dict[str, Any], file: BinaryIO, size: int, sent: Callable[[int], None]) -> None:
        """Posts one file straight to the store, telling how many bytes went. Raises FormRefused, OSError."""
        head = _form_head(form["fields"], form["name"])
        tail = f"\r\n--{BOUNDARY}--\r\n".encode()
        headers = {
            "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
            "Content-Length": str(len(head) + size + len(tail)),
        }
        body = cast(IO[bytes], _Body([head], file, [tail], sent))
        if self._to_store("POST", form["url"], body, headers).status >= 300:
            raise FormRefused(form["name"])

    def _to_store(self, method: str, url: str, body: IO[bytes], headers: dict[str, str]) -> urllib3.BaseHTTPResponse:
        """Once: what has been read of the body cannot be sent again. A line that is still for a minute is broken."""
        try:
            return self._http.request(method, url, body=body, headers=headers, retries=False, timeout=STILL_SECONDS)
        except urllib3.exceptions.HTTPError as trouble:
            why = type(trouble).__name__
            raise OSError(sentence("cli", "line_dropped", self.language, reason=why)) from None

    def download(self, url: str) -> bytes:
        answer = self._request("GET", url)
        if answer.status != 200:
            raise OSError(f"HTTP {answer.status}")
        return answer.data


def _refusal(answer: urllib3.BaseHTTPResponse, otherwise: str) -> Refusal:
    try:
        found = json.loads(answer.data)
        return Refusal(str(found.get("message") or otherwise), str(found.get("problem", "")))
    except (ValueError, AttributeError):
        return Refusal(otherwise)


def _refused(answer: dict[str, Any], language: str) -> str:
    """The one refusal that everybody meets in their own language; the others as Cognito words them."""
    message = str(answer.get("message") or "cannot sign in")
    wrong = message.startswith("Incorrect username or password") or "UserNotFound" in str(answer.get("__type"))
    return sentence("cli", "wrong_password", language) if wrong else message


def _respond(challenge: str, language: str) -> dict[str, str]:
    """What the person types: a code from their authenticator, or a password of their own at the first sign-in."""
    if challenge == "NEW_PASSWORD_REQUIRED":
        return {"NEW_PASSWORD": getpass.getpass(sentence("cli", "new_password", language) + " ")}
    if challenge == "SOFTWARE_TOKEN_MFA":
        return {"SOFTWARE_TOKEN_MFA_CODE": getpass.getpass(sentence("cli", "authenticator_code", language) + " ")}
    raise Refusal(sentence("cli", "sign_in_elsewhere", language, challenge=challenge))


def _form_head(fields: dict[str, str], name: str) -> bytes:
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'
        for field, value in fields.items()
    ]
    safe = name.replace("\\", "_").replace('"', "_")
    parts.append(
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{safe}"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n"
    )
    return "".join(parts).encode()


class _Body:
    """The form as something to read from: never the whole file in memory."""

    def __init__(self, before: list[bytes], file: BinaryIO, after: list[bytes], sent: Callable[[int], None]) -> None:
        self._before, self._file, self._after, self._sent = before, file, after, sent

    def read(self, size: int = 1 << 16) -> bytes:
        if self._before:
            return self._before.pop(0)
        piece = self._file.read(max(size, 1 << 16))
        if piece:
            self._sent(len(piece))
            return piece
        return self._after.pop(0) if self._after else b""
