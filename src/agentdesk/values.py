"""`dataclass` of the standard library, made and filled in a fifth of the time (ADR 34).

A type checker sees the library's own, so that nobody assigns to a frozen value. At run time there is no second guard: a
guard costs a call for each field of each value, and a start that writes four methods for each of three hundred classes
costs a tenth of a second. Comparing, hashing and printing are the same for all classes and are written once, here.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass  # noqa: PLC0414 - said twice, so that it may be imported from here
else:
    from dataclasses import dataclass as _dataclass
    from dataclasses import fields
    from operator import attrgetter

    def dataclass(
        kind: type | None = None, /, *, frozen: bool = False, eq: bool = True, slots: bool = False
    ) -> Any:
        """As the library's, for these three options; what the class itself defines stays."""

        def made(kind: type) -> type:
            # Without one the library writes a signature, which costs the most.
            kind.__doc__ = kind.__doc__ or kind.__name__
            value = _dataclass(eq=False, repr=False, slots=slots)(kind)
            methods = {"__repr__": _repr}
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

    def _values(value: type) -> Any:
        """What gives the fields that are compared, quickly."""
        names = [each.name for each in fields(value) if each.compare]
        if len(names) > 1:
            return attrgetter(*names)
        return lambda one: tuple(getattr(one, name) for name in names)

    def _repr(self: Any) -> str:
        shown = (f"{each.name}={getattr(self, each.name)!r}" for each in fields(self) if each.repr)
        return f"{type(self).__qualname__}({', '.join(shown)})"
