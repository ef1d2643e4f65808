"""`dataclass` of the standard library, made and filled in a tenth of the time (ADR 34).

A type checker sees the library's own, so that nobody assigns to a frozen value. At run time there is no second guard: a
guard costs a call for each field of each value, and a start that writes four methods for each of three hundred classes
costs a tenth of a second. Comparing, hashing and printing are the same for all classes and are written once, here; what
fills a value is written with the first one, since most classes have none in a run.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass  # noqa: PLC0414 - said twice, so that it may be imported from here
else:
    from dataclasses import MISSING, fields
    from dataclasses import dataclass as _dataclass
    from operator import attrgetter

    def dataclass(
        kind: type | None = None, /, *, frozen: bool = False, eq: bool = True, slots: bool = False
    ) -> Any:
        """As the library's, for these three options; what the class itself defines stays."""

        def made(kind: type) -> type:
            # Without one the library writes a signature, which costs the most.
            kind.__doc__ = kind.__doc__ or kind.__name__
            value = _dataclass(init=False, eq=False, repr=False, slots=slots)(kind)
            methods = {"__init__": _first_of(value), "__repr__": _repr}
            if eq:
                same = _values(value)
                methods["__eq__"] = lambda one, other: (
                    same(one) == same(other) if other.__class__ is one.__class__ else NotImplemented
                )
                methods["__hash__"] = (lambda one: hash(same(one))) if frozen else None
            for name, method in methods.items():
                if kind.__dict__.get(name) is None:
                    setattr(value, name, method)
            return value

        return made if kind is None else made(kind)

    def _first_of(value: type) -> Any:
        """An `__init__` that the first value replaces by what it should be."""

        def first(self: Any, *given: Any, **named: Any) -> None:
            value.__init__ = _init_of(value)
            value.__init__(self, *given, **named)

        return first

    def _init_of(value: type) -> Any:
        """As the library writes it: a parameter for each field, in their order."""
        names: dict[str, Any] = {"MISSING": MISSING}
        asked, filled = [], []
        for each in fields(value):
            name, given, default = each.name, each.name if each.init else "", ""
            if each.default is not MISSING:
                names[f"default_{name}"] = each.default
                default = f"default_{name}"
                given = given or default
            elif each.default_factory is not MISSING:
                names[f"make_{name}"] = each.default_factory
                default = "MISSING"
                given = f"make_{name}() if {name} is MISSING else {name}" if given else f"make_{name}()"
            if each.init:
                asked.append(f"{name}={default}" if default else name)
            if given:
                filled.append(f"self.{name} = {given}")
        if hasattr(value, "__post_init__"):
            filled.append("self.__post_init__()")
        exec(f"def __init__({', '.join(('self', *asked))}):\n {'; '.join(filled) or 'pass'}", names)  # noqa: S102 - names of ours
        return names["__init__"]

    def _values(value: type) -> Any:
        """What gives the fields that are compared, quickly."""
        names = [each.name for each in fields(value) if each.compare]
        if len(names) > 1:
            return attrgetter(*names)
        return lambda one: tuple(getattr(one, name) for name in names)

    def _repr(self: Any) -> str:
        shown = (f"{each.name}={getattr(self, each.name)!r}" for each in fields(self) if each.repr)
        return f"{type(self).__qualname__}({', '.join(shown)})"
