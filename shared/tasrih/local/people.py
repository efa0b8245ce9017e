"""Accounts of people in the local cloud. Passwords are drawn anew for each run."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Person:
    username: str
    password: str
    group: str
    subject: str
    """The `sub` claim: what the register names an account by."""

    def __repr__(self) -> str:
        return f"Person({self.username!r}, group={self.group!r})"


def sign_up(identity: Any, pool: str, username: str, group: str) -> Person:
    """Creates the account as an officer would, with its password already set. `identity`: a cognito-idp client."""
    password = f"Aa1-{secrets.token_urlsafe(15)}"
    user = identity.admin_create_user(UserPoolId=pool, Username=username, MessageAction="SUPPRESS")["User"]
    identity.admin_set_user_password(UserPoolId=pool, Username=username, Password=password, Permanent=True)
    if group:
        identity.admin_add_user_to_group(UserPoolId=pool, Username=username, GroupName=group)
    subject = next(each["Value"] for each in user["Attributes"] if each["Name"] == "sub")
    return Person(username=username, password=password, group=group, subject=subject)


def sign_in(identity: Any, app_client: str, person: Person) -> str:
    """The access token. `identity`: a cognito-idp client."""
    answer = identity.initiate_auth(
        ClientId=app_client,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": person.username, "PASSWORD": person.password},
    )
    return str(answer["AuthenticationResult"]["AccessToken"])
