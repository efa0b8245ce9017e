"""What queues promise to functions. A message that is not done with stays hidden for a while; then it comes again."""

from __future__ import annotations

from collections.abc import Iterable

from tests.conformance.probe import probe
from tests.conformance.world import World


def story(world: World, bodies: Iterable[str], answer: str) -> object:
    """How often each message was given, with which counts, and which are dead."""
    given, dead = world.deliver(bodies, answer)
    counts: dict[str, list[int]] = {}
    for each in given:
        counts.setdefault(each.body, []).append(each.receives)
    return dict(sorted((body, sorted(found)) for body, found in counts.items())), sorted(dead)


NAMED = '{"batchItemFailures": [{"itemIdentifier": each["id"]} for each in batch if each["body"] == "bad"]}'
ALL_AGAIN = ({"a": [1, 2], "b": [1, 2]}, ["a", "b"])
ALL_DONE = ({"a": [1], "b": [1]}, [])


@probe(({"a": [1], "b": [1], "bad": [1, 2]}, ["bad"]))
def only_what_is_named_comes_again_and_is_dead_in_the_end(world: World) -> object:
    return story(world, ("a", "bad", "b"), NAMED)


@probe(ALL_AGAIN)
def a_function_that_fails_gets_all_again(world: World) -> object:
    return story(world, "ab", "1 / 0")


@probe(ALL_AGAIN)
def a_failure_without_name_is_one_of_all(world: World) -> object:
    return story(world, "ab", '{"batchItemFailures": [{"itemIdentifier": None}]}')


@probe(ALL_AGAIN)
def a_failure_with_an_empty_name_is_one_of_all(world: World) -> object:
    return story(world, "ab", '{"batchItemFailures": [{"itemIdentifier": ""}]}')


@probe(ALL_AGAIN)
def a_failure_under_another_word_is_one_of_all(world: World) -> object:
    return story(world, "ab", '{"batchItemFailures": [{"messageId": batch[0]["id"]}]}')


@probe(ALL_DONE)
def an_answer_without_failures_is_success(world: World) -> object:
    return story(world, "ab", '{"batchItemFailures": []}')


@probe(ALL_DONE)
def no_answer_is_success(world: World) -> object:
    return story(world, "ab", "None")


@probe(ALL_DONE)
def failures_that_are_null_are_success(world: World) -> object:
    return story(world, "ab", '{"batchItemFailures": None}')


@probe((14, "at most 10 together", []))
def a_batch_has_ten_messages_at_most(world: World) -> object:
    given, dead = world.deliver([f"{number}" for number in range(14)], '{"batchItemFailures": []}')
    most = max(each.batch for each in given)
    return len({each.body for each in given}), "at most 10 together" if most <= 10 else most, dead
