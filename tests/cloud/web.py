"""The service over HTTP as anybody could speak to it: none of the package's own client code."""

from __future__ import annotations

import json
from typing import Any, NamedTuple
from urllib.parse import urlencode

import urllib3

HTTP = urllib3.PoolManager(timeout=urllib3.Timeout(connect=5, read=60), retries=False, maxsize=16)


class Answer(NamedTuple):
    status: int
    body: Any


class Web:
    """One caller. `call` returns whatever the service answers; `must` wants a success."""

    def __init__(self, url: str, token: str = "") -> None:
        self.url, self.token = url, token

    def call(self, method: str, path: str, asked: object = None, **query: object) -> Answer:
        """`asked`: text is sent as it is, anything else as JSON."""
        body = asked.encode() if isinstance(asked, str) else None if asked is None else json.dumps(asked).encode()
        headers = {"content-type": "text/csv" if isinstance(asked, str) else "application/json"}
        if self.token:
            headers["authorization"] = f"Bearer {self.token}"
        found = HTTP.request(method, f"{self.url}{path}?{urlencode(query)}", body=body, headers=headers)
        try:
            return Answer(found.status, json.loads(found.data))
        except ValueError:
            return Answer(found.status, found.data)

    def must(self, method: str, path: str, asked: object = None, **query: object) -> Any:
        answer = self.call(method, path, asked, **query)
        assert answer.status < 300, f"{method} {path}: {answer}"
        return answer.body

    def signed_in(self, name: str, password: str, token: str = "AccessToken", client: str = "client") -> Web:
        """As `GET /service` says how. `token` may ask for the wrong one, an IdToken."""
        how = self.must("GET", "/service")["sign_in"]
        asked = {
            "AuthFlow": "USER_PASSWORD_AUTH",
            "ClientId": how[client],
            "AuthParameters": {"USERNAME": name, "PASSWORD": password},
        }
        headers = {
            "content-type": "application/x-amz-json-1.1",
            "x-amz-target": "AWSCognitoIdentityProviderService.InitiateAuth",
        }
        found = HTTP.request("POST", how["endpoint"], body=json.dumps(asked).encode(), headers=headers)
        assert found.status == 200, found.data
        return Web(self.url, json.loads(found.data)["AuthenticationResult"][token])


def post_form(form: dict[str, Any], content: bytes, **changed: str) -> Answer:
    """A presigned form with its file, as a browser sends it. `changed` overwrites fields."""
    fields = [*{**form["fields"], **changed}.items(), ("file", (form["name"], content, "application/octet-stream"))]
    found = HTTP.request("POST", form["url"], fields=fields, encode_multipart=True)
    return Answer(found.status, found.data)


def put_piece(piece: dict[str, Any], content: bytes, **changed: Any) -> Answer:
    """A piece of a large file, as a browser sends it. `changed` overwrites the address or the headers."""
    told = {**piece, **changed}
    found = HTTP.request("PUT", told["url"], body=content, headers=told["headers"])
    return Answer(found.status, found.data)


def fetch(url: str) -> Answer:
    found = HTTP.request("GET", url)
    return Answer(found.status, found.data)
