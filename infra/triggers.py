"""What wakes each function: queues, the stream, the clock."""

from __future__ import annotations

from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_scheduler as scheduler
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.permissions import allow
from infra.queues import Queues
from infra.settings import Environment
from infra.tables import Tables

# Of the book's stream: what is created under these sort keys.
NEWLY_OWED = '{"eventName":["INSERT"],"dynamodb":{"Keys":{"sk":{"S":[{"prefix":"LETTER#"},{"prefix":"DELIVERY#"}]}}}}'


class Triggers(Construct):
    def __init__(
        self,
        scope: Construct,
        identity: str,
        settings: Environment,
        functions: dict[str, lambda_.Function],
        queues: Queues,
        tables: Tables,
    ) -> None:
        super().__init__(scope, identity)
        self.of_queues = [
            self._from_queue("Uploads", queues.uploads, functions["receive_declaration"], 1, settings.files_at_once),
            self._from_queue("Deliveries", queues.deliveries, functions["call_webhook"], 1, settings.letters_at_once),
            self._from_queue("Letters", queues.letters, functions["send_letter"], 5, settings.letters_at_once),
        ]
        self._from_stream(tables, functions["queue_letters"], queues.undelivered)
        role = self._may_call([functions["sweep"], functions["remove_due"]], queues.undelivered)
        self._every("Sweep", "5 minutes", functions["sweep"], role, queues.undelivered)
        self._every("RemoveDue", "1 hour", functions["remove_due"], role, queues.undelivered)

    def _from_queue(
        self, name: str, queue: sqs.Queue, function: lambda_.Function, messages: int, at_once: int
    ) -> lambda_.CfnEventSourceMapping:
        """Only the messages a function names come back; at most `at_once` run side by side."""
        return lambda_.CfnEventSourceMapping(
            self,
            name,
            function_name=function.function_name,
            event_source_arn=queue.queue_arn,
            batch_size=messages,
            function_response_types=["ReportBatchItemFailures"],
            scaling_config=lambda_.CfnEventSourceMapping.ScalingConfigProperty(maximum_concurrency=at_once),
        )

    def _from_stream(self, tables: Tables, function: lambda_.Function, failures: sqs.Queue) -> None:
        """New letters and deliveries only. What fails too often is named in a queue; the sweep finds it too."""
        lambda_.CfnEventSourceMapping(
            self,
            "LettersOwed",
            function_name=function.function_name,
            event_source_arn=tables.book.table_stream_arn,
            starting_position="TRIM_HORIZON",
            batch_size=100,
            bisect_batch_on_function_error=True,
            function_response_types=["ReportBatchItemFailures"],
            maximum_record_age_in_seconds=3600,
            maximum_retry_attempts=10,
            filter_criteria=lambda_.CfnEventSourceMapping.FilterCriteriaProperty(
                filters=[lambda_.CfnEventSourceMapping.FilterProperty(pattern=NEWLY_OWED)]
            ),
            destination_config=lambda_.CfnEventSourceMapping.DestinationConfigProperty(
                on_failure=lambda_.CfnEventSourceMapping.OnFailureProperty(destination=failures.queue_arn)
            ),
        )

    def _may_call(self, functions: list[lambda_.Function], failures: sqs.Queue) -> iam.Role:
        return iam.Role(
            self,
            "ScheduleRole",
            assumed_by=iam.ServicePrincipal("scheduler.amazonaws.com"),
            inline_policies={
                "schedule": iam.PolicyDocument(
                    statements=[
                        allow("lambda:InvokeFunction", *(function.function_arn for function in functions)),
                        allow("sqs:SendMessage", failures.queue_arn),
                    ]
                )
            },
        )

    def _every(self, name: str, rate: str, function: lambda_.Function, role: iam.Role, failures: sqs.Queue) -> None:
        scheduler.CfnSchedule(
            self,
            name,
            schedule_expression=f"rate({rate})",
            flexible_time_window=scheduler.CfnSchedule.FlexibleTimeWindowProperty(mode="OFF"),
            target=scheduler.CfnSchedule.TargetProperty(
                arn=function.function_arn,
                role_arn=role.role_arn,
                dead_letter_config=scheduler.CfnSchedule.DeadLetterConfigProperty(arn=failures.queue_arn),
                # The next run comes soon enough: one missed is not made up for.
                retry_policy=scheduler.CfnSchedule.RetryPolicyProperty(
                    maximum_event_age_in_seconds=300, maximum_retry_attempts=1
                ),
            ),
        )
