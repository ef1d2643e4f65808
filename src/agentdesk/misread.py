"""What is wrong with a query, in the agent's language: for whoever types one, and for the files that hold one."""

from agentdesk.core.query import QueryError
from agentdesk.i18n import tr


def sentence(error: QueryError) -> str:
    """What is wrong with a query, in the agent's language."""
    return _template(error.reason).format(**{**error.values, "hint": _hint(error)})


def _template(reason: str) -> str:
    match reason:
        case "empty":
            return tr("There is nothing to look for.")
        case "too_long":
            return tr("The query is too long.")
        case "open_quote":
            return tr("A quotation mark is not closed.")
        case "open_group":
            return tr("A parenthesis is not closed.")
        case "one_sided":
            return tr("Something to look for is missing beside {word}.")
        case "no_letters":
            return tr("{word} has neither a letter nor a digit, so it cannot be looked for.")
        case "unknown_operator":
            return tr(
                "There is no operator {operator}:{hint}. What stands in quotation marks is looked for as it is."
            )
        case "no_value":
            return tr("{operator}: needs a value after the colon{hint}")
        case "date":
            return tr(
                "{operator}: does not know the day {value}; it can be 2026-11-22, 22/11/2026, today, yesterday or 7d"
            )
        case "number":
            return tr("{value} is not a ticket number")
    return tr("{operator}: does not know {value}{hint}")


def _hint(error: QueryError) -> str:
    nearest, known = error.values.get("nearest"), error.values.get("known") or ()
    if nearest:
        word = f"{nearest}:" if error.reason == "unknown_operator" else nearest
        return tr(" (did you mean {word}?)").format(word=word)
    if isinstance(known, tuple) and 0 < len(known) <= 12:
        return tr(" (it can be {words})").format(words=", ".join(known))
    return ""
