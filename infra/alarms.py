"""What an operator is told, and when."""

from __future__ import annotations

from aws_cdk import Duration, Stack
from aws_cdk import aws_budgets as budgets
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from infra.queues import Queues
from infra.settings import Environment

# What functions write into their logs in embedded metric format (tasrih/adapters/telemetry.py; a test compares).
NAMESPACE = "Tasrih"
OLDEST = "OldestOpenUploadSeconds"
EXECUTIONS = "ExecutionsPerUpload"
ANSWER_WITHIN_SECONDS = 1800
EXECUTIONS_PER_UPLOAD = 3
OVERDUE = "RemovalOverdueSeconds"
OVERDUE_SECONDS = 10 * 86_400


class Alarms(Construct):
    """Every alarm and the budget speak through one topic."""

    def __init__(
        self,
        scope: Construct,
        identity: str,
        settings: Environment,
        key: kms.Key,
        queues: Queues,
        functions: dict[str, lambda_.Function],
    ) -> None:
        super().__init__(scope, identity)
        self.topic = sns.Topic(self, "Topic", master_key=key, enforce_ssl=True)
        for publisher in ("budgets", "cloudwatch"):
            self._let_publish(publisher)
        if settings.alarm_mail:
            self.topic.add_subscription(subscriptions.EmailSubscription(settings.alarm_mail))
        for name, queue in queues.set_aside.items():
            self._alarm(f"{name}Messages", queue.metric_approximate_number_of_messages_visible(statistic="Maximum"), 0)
        for name, function in functions.items():
            self._alarm(f"{name.title().replace('_', '')}Errors", function.metric_errors(statistic="Sum"), 0)
        self._unanswered()
        self._executions_per_upload()
        self._overdue()
        self._budget(settings)

    def _let_publish(self, service: str) -> None:
        """A topic with a policy of its own has lost the default one, by which the account's alarms could publish."""
        self.topic.add_to_resource_policy(
            iam.PolicyStatement(
                sid=service.title(),
                principals=[iam.ServicePrincipal(f"{service}.amazonaws.com")],
                actions=["sns:Publish"],
                resources=[self.topic.topic_arn],
                conditions={"StringEquals": {"aws:SourceAccount": Stack.of(self).account}},
            )
        )

    def _alarm(
        self, name: str, metric: cloudwatch.IMetric, above: float, missing: cloudwatch.TreatMissingData | None = None
    ) -> None:
        alarm = cloudwatch.Alarm(
            self,
            name,
            metric=metric,
            threshold=above,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
            evaluation_periods=1,
            treat_missing_data=missing or cloudwatch.TreatMissingData.NOT_BREACHING,
        )
        alarm.add_alarm_action(actions.SnsAction(self.topic))

    def _unanswered(self) -> None:
        """A silent sweep is as bad as a late verdict: missing data rings too."""
        oldest = _told_by("sweep", OLDEST, Duration.minutes(15))
        self._alarm("UnansweredUpload", oldest, ANSWER_WITHIN_SECONDS, cloudwatch.TreatMissingData.BREACHING)

    def _executions_per_upload(self) -> None:
        """One file that runs again and again raises no error: only its count of executions shows it."""
        most = _told_by("receive_declaration", EXECUTIONS, Duration.minutes(5))
        self._alarm("ExecutionsPerUpload", most, EXECUTIONS_PER_UPLOAD)

    def _overdue(self) -> None:
        """Retention that does not come through the whole book, or is silent, leaves there what should be gone."""
        since = _told_by("remove_due", OVERDUE, Duration.hours(6))
        self._alarm("RemovalOverdue", since, OVERDUE_SECONDS, cloudwatch.TreatMissingData.BREACHING)

    def _budget(self, settings: Environment) -> None:
        by_topic = budgets.CfnBudget.SubscriberProperty(subscription_type="SNS", address=self.topic.topic_arn)
        budgets.CfnBudget(
            self,
            "Budget",
            budget=budgets.CfnBudget.BudgetDataProperty(
                budget_type="COST",
                time_unit="MONTHLY",
                budget_limit=budgets.CfnBudget.SpendProperty(amount=settings.budget_dollars_a_month, unit="USD"),
            ),
            notifications_with_subscribers=[
                budgets.CfnBudget.NotificationWithSubscribersProperty(
                    notification=budgets.CfnBudget.NotificationProperty(
                        comparison_operator="GREATER_THAN", notification_type=kind, threshold=percent
                    ),
                    subscribers=[by_topic],
                )
                for kind, percent in (("ACTUAL", 80), ("FORECASTED", 100))
            ],
        )


def _told_by(function: str, name: str, period: Duration) -> cloudwatch.Metric:
    return cloudwatch.Metric(
        namespace=NAMESPACE,
        metric_name=name,
        dimensions_map={"service": function},
        statistic="Maximum",
        period=period,
    )
