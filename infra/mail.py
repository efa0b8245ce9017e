"""Whom letters come from."""

from __future__ import annotations

from aws_cdk import Stack
from aws_cdk import aws_ses as ses
from constructs import Construct

from infra.settings import Environment


class Mail(Construct):
    """The verified domain; the operator adds the DKIM records that SES names to its DNS."""

    def __init__(self, scope: Construct, identity: str, settings: Environment) -> None:
        super().__init__(scope, identity)
        ses.EmailIdentity(self, "Domain", identity=ses.Identity.domain(settings.mail_domain))
        self.identity_arn = Stack.of(self).format_arn(
            service="ses", resource="identity", resource_name=settings.mail_domain
        )
