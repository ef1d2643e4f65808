"""Playbooks as values: where one is follows from the answers, and what leads nowhere is named."""

from datetime import UTC, datetime, timedelta

import pytest

from agentdesk.core.playbook import DONE, END, Choice, Playbook, Step, faults, path, until

ALL = {"es": "x", "ca": "x", "en": "x"}
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def choice(name: str, to: str) -> Choice:
    return Choice(name, ALL, to)


def step(name: str, *choices: Choice, **more: object) -> Step:
    return Step(name, ALL, choices=choices, **more)  # type: ignore[arg-type]


def book(*steps: Step) -> Playbook:
    return Playbook("mine", ALL, steps)


RETURN = book(
    step("order", within="4h"),
    step("why", choice("broken", "photo"), choice("late", END)),
    step("photo"),
    step("refund"),
)


def stands(answers: dict[str, str]) -> tuple[list[str], str | None, int]:
    walk = path(RETURN, answers)
    return [each.id for each, _ in walk.taken], walk.at.id if walk.at else None, walk.left


def test_the_steps_follow_one_another_or_go_where_a_choice_leads() -> None:
    assert stands({}) == ([], "order", 2)
    assert stands({"order": DONE}) == (["order"], "why", 1)
    assert stands({"order": DONE, "why": "broken"}) == (["order", "why"], "photo", 2)
    assert stands({"order": DONE, "why": "late"}) == (["order", "why"], None, 0)
    whole = {"order": DONE, "why": "broken", "photo": DONE, "refund": DONE}
    assert stands(whole) == (["order", "why", "photo", "refund"], None, 0)


def test_what_was_answered_on_a_way_not_taken_does_not_count() -> None:
    assert stands({"photo": DONE, "refund": DONE}) == ([], "order", 2)


def test_a_step_whose_answer_the_file_no_longer_has_is_at_hand_again() -> None:
    assert stands({"order": DONE, "why": "a choice of last year"}) == (["order"], "why", 1)


def test_a_choice_that_leads_back_puts_that_step_at_hand_once_more() -> None:
    circle = book(step("ask"), step("came", choice("yes", END), choice("no", "ask")))
    walk = path(circle, {"ask": DONE, "came": "no"})
    assert walk.at is not None
    assert (walk.at.id, walk.left) == ("ask", 2)


def test_a_step_is_due_by_its_span_from_when_it_came_to_hand() -> None:
    assert until(path(RETURN, {}), NOON) == NOON + timedelta(hours=4)
    assert until(path(RETURN, {"order": DONE}), NOON) is None


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        ((), ("steps", "no_steps", "")),
        ((step("a", choice("x", END)), step("b")), ("steps.1.id", "unreachable", "b")),
        ((step("a", choice("x", "b"), choice("y", END)),), ("steps.0.choices.0.to", "nowhere", "b")),
        ((step("a", choice("x", "a")),), ("steps.0.id", "no_end", "a")),
        ((step("a"), step("a")), ("steps.1.id", "twice", "a")),
        ((step("a", choice("x", END), choice("x", END)),), ("steps.0.choices.1.id", "twice", "x")),
        ((step("a", quick="return"),), ("steps.0.quick", "no_quick", "return")),
        ((Step("a", {"es": "x", "en": "x"}),), ("steps.0.title.ca", "missing", "")),
        ((step("a", asks={"es": "x", "ca": "x"}),), ("steps.0.ask.en", "missing", "")),
        (
            (step("a", Choice("x", {"ca": "x", "en": "x"}, END)),),
            ("steps.0.choices.0.title.es", "missing", ""),
        ),
    ],
)
def test_what_leads_nowhere_or_is_missing_is_named(
    steps: tuple[Step, ...], told: tuple[str, str, str]
) -> None:
    assert told in [(each.key, each.code, each.word) for each in faults(book(*steps), {"received"})]


def test_a_circle_that_can_be_left_is_no_fault() -> None:
    circle = book(step("ask", quick="return"), step("came", choice("yes", END), choice("no", "ask")))
    assert faults(circle, {"return"}) == ()
