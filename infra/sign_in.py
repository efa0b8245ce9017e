"""Who people and machines are. What they may see is decided by the register, never by the token."""

from __future__ import annotations

from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk import aws_cognito as cognito
from constructs import Construct

from infra.settings import Environment


class SignIn(Construct):
    """Accounts of people are made by the agency; nobody signs up alone. Machines have a pool of their own, which the
    portal fills: it can neither make nor change the account of a person, and no second factor stands in their way."""

    def __init__(self, scope: Construct, identity: str, settings: Environment) -> None:
        super().__init__(scope, identity)
        self.pool = cognito.UserPool(
            self,
            "People",
            self_sign_up_enabled=False,
            sign_in_aliases=cognito.SignInAliases(username=True),
            sign_in_case_sensitive=False,
            account_recovery=cognito.AccountRecovery.EMAIL_ONLY,
            password_policy=cognito.PasswordPolicy(
                min_length=12,
                require_digits=True,
                require_lowercase=True,
                require_uppercase=True,
                require_symbols=True,
                temp_password_validity=Duration.days(7),
            ),
            feature_plan=cognito.FeaturePlan[settings.sign_in_plan],
            mfa=cognito.Mfa.REQUIRED if settings.mfa == "ON" else cognito.Mfa.OPTIONAL,
            mfa_second_factor=cognito.MfaSecondFactor(otp=True, sms=False),
            deletion_protection=settings.deletion_protection,
            removal_policy=RemovalPolicy.RETAIN,
        )
        self.issuer = _issuer(self.pool)
        for agency in settings.agencies:
            cognito.CfnUserPoolGroup(
                self,
                f"Officers{agency}",
                group_name=f"officers-{agency}",
                user_pool_id=self.pool.user_pool_id,
                description=f"Officers of agency {agency}",
            )
        self.client = _client(self.pool, cognito.AuthFlow(user_password=True, user_srp=True))
        self._machines(settings)

    def _machines(self, settings: Environment) -> None:
        self.machines = cognito.UserPool(
            self,
            "Programs",
            self_sign_up_enabled=False,
            sign_in_aliases=cognito.SignInAliases(username=True),
            account_recovery=cognito.AccountRecovery.NONE,
            password_policy=cognito.PasswordPolicy(
                min_length=40,
                require_digits=True,
                require_lowercase=True,
                require_uppercase=True,
                require_symbols=True,
            ),
            feature_plan=cognito.FeaturePlan.ESSENTIALS,
            mfa=cognito.Mfa.OFF,
            deletion_protection=settings.deletion_protection,
            removal_policy=RemovalPolicy.RETAIN,
        )
        self.machines_issuer = _issuer(self.machines)
        self.machine_client = _client(self.machines, cognito.AuthFlow(user_password=True))


def _issuer(pool: cognito.UserPool) -> str:
    return f"https://cognito-idp.{Stack.of(pool).region}.amazonaws.com/{pool.user_pool_id}"


def _client(pool: cognito.UserPool, auth_flows: cognito.AuthFlow) -> cognito.UserPoolClient:
    return pool.add_client(
        "Client",
        auth_flows=auth_flows,
        disable_o_auth=True,
        generate_secret=False,
        prevent_user_existence_errors=True,
        enable_token_revocation=True,
        access_token_validity=Duration.hours(1),
        id_token_validity=Duration.hours(1),
        refresh_token_validity=Duration.days(1),
    )
