"""Values are what the standard library's are, but for the guard that a type checker is."""

import copy
import dataclasses
import pickle
from dataclasses import field, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentdesk import values

plain = st.one_of(st.none(), st.integers(-3, 3), st.text(max_size=2), st.tuples(st.integers(0, 1)))


def shapes(dataclass: Any) -> list[Any]:
    """The same classes by each of the two: without fields, with one, with what is left out, one that changes, one that fills itself."""

    @dataclass(frozen=True, slots=True)
    class Empty:
        pass

    @dataclass(frozen=True, slots=True)
    class One:
        it: object

    @dataclass(frozen=True, slots=True)
    class Login:
        name: object
        secret: object = field(repr=False)
        seen: object = field(default=None, compare=False)

    @dataclass(slots=True)
    class Box:
        held: list[object] = field(default_factory=list)
        name: object = ""

    @dataclass(slots=True)
    class Found:
        name: object
        kept: object = field(init=False)
        seen: list[object] = field(init=False, default_factory=list)
        count: int = field(init=False, default=7)
        twice: object = field(init=False)

        def __post_init__(self) -> None:
            self.twice = [self.name, self.name]

    return [Empty, One, Login, Box, Found]


OURS, LIBRARYS = shapes(values.dataclass), shapes(dataclasses.dataclass)


def made(kinds: list[Any], which: int, given: list[object]) -> Any:
    return kinds[which](*given[: len(dataclasses.fields(kinds[which]))])


@given(
    which=st.integers(0, 3),
    one=st.lists(plain, min_size=3, max_size=3),
    other=st.lists(plain, min_size=3, max_size=3),
)
def test_they_compare_hash_and_print_as_the_librarys_do(
    which: int, one: list[object], other: list[object]
) -> None:
    ours, ours_too = made(OURS, which, one), made(OURS, which, other)
    theirs, theirs_too = made(LIBRARYS, which, one), made(LIBRARYS, which, other)
    assert (ours == ours_too) is (theirs == theirs_too)
    assert (ours != ours_too) is (theirs != theirs_too)
    assert repr(ours) == repr(theirs)
    assert dataclasses.astuple(replace(ours)) == dataclasses.astuple(theirs)
    assert copy.copy(ours) == ours
    if which != 3:
        assert hash(ours) == hash(theirs)


def test_what_changes_has_no_hash() -> None:
    with pytest.raises(TypeError, match="unhashable"):
        hash(OURS[3]())


def test_another_class_with_the_same_fields_is_another_value() -> None:
    assert OURS[1](1) != shapes(values.dataclass)[1](1)
    assert OURS[1](1) != (1,)


def test_a_secret_is_not_printed() -> None:
    assert "hunter2" not in repr(OURS[2]("ana", "hunter2"))


def test_what_a_class_says_itself_stays() -> None:
    @values.dataclass(frozen=True, slots=True)
    class Named:
        name: str

        def __eq__(self, other: object) -> bool:
            return isinstance(other, Named) and self.name.lower() == other.name.lower()

        def __hash__(self) -> int:
            return hash(self.name.lower())

        def __repr__(self) -> str:
            return f"<{self.name}>"

    assert Named("Ana") == Named("ANA")
    assert len({Named("Ana"), Named("ANA")}) == 1
    assert repr(Named("Ana")) == "<Ana>"


def test_there_is_no_room_for_other_names() -> None:
    box = OURS[3]()
    with pytest.raises(AttributeError):
        box.other = 1
    assert pickle.loads(pickle.dumps(_Kept(1, "a"))) == _Kept(1, "a")


@values.dataclass(frozen=True, slots=True)
class _Kept:
    number: int
    text: str


@pytest.mark.parametrize("first", [True, False], ids=["the first", "a later one"])
def test_they_take_what_the_librarys_take(first: bool) -> None:
    ours, theirs = shapes(values.dataclass), shapes(dataclasses.dataclass)
    if not first:
        ours[3](), ours[1](it=0)
    for kinds in (ours, theirs):
        assert kinds[3]().held is not kinds[3]().held
        assert (kinds[3](name="a").name, kinds[3]([1], "b").held) == ("a", [1])
        for wrong in ((), (1, 2)):
            with pytest.raises(TypeError, match=r"__init__\(\)"):
                kinds[1](*wrong)
        with pytest.raises(TypeError, match="unexpected keyword"):
            kinds[1](that=1)
        found = kinds[4]("a")
        assert (found.name, found.seen, found.count, hasattr(found, "kept")) == ("a", [], 7, False)
        assert found.twice == ["a", "a"]
        with pytest.raises(TypeError, match=r"__init__\(\)"):
            kinds[4]("a", "b")


def test_one_that_is_more_than_another_has_the_fields_of_both() -> None:
    @values.dataclass(slots=True)
    class Base:
        name: str
        size: int = 1

    @values.dataclass(slots=True)
    class More(Base):
        tags: list[str] = field(default_factory=list)

    class Plain(Base):
        pass

    assert (More("a", 2, ["x"]).tags, More("a").size, Plain("b").name, Base("c").size) == (["x"], 1, "b", 1)
