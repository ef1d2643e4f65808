"""Makes a query find what is nearly what was typed, from the words that this desk has.

Promises: endings first, then one slip in a word that nobody ever wrote; only where all this finds nothing, one slip in the
other words too. What is, as a whole, a field that the shop wrote down of customers (a number, a company) is no slip, and finds what
is theirs besides. A query without words costs nothing. Nothing is kept between two calls.
"""

from agentdesk.core.query import Field, Or, Phrase, Query, Word
from agentdesk.core.widening import wide, words
from agentdesk.store import search
from agentdesk.store.conditions import is_noted
from agentdesk.store.driver import Connection


def widened(connection: Connection, query: Query, context: search.Context) -> Query:
    """`query` as an agent means it. Searching with `query` itself finds what was typed and nothing else."""
    typed, whole = words(query), _whole(query)
    if not typed and not whole:
        return query
    from agentdesk.store.vocabulary import Vocabulary

    known = Vocabulary(connection)
    if whole and is_noted(connection, whole):
        said = wide(query, {word: known.forms(word) for word in typed})
        return Query(Or((said.node, Field("customer", whole))))
    if not typed:
        return query
    found = wide(query, {word: known.others(word) for word in typed})
    if search.finds(connection, found, context):
        return found
    return wide(query, {word: known.forgiving(word) for word in typed})


def _whole(query: Query) -> str:
    """What was typed, where it is words and nothing else, or one phrase: quotation marks say where a company's name ends."""
    if isinstance(query.node, Phrase):
        return query.node.text
    texts = [part.text for part in query.needs if isinstance(part, Word)]
    return " ".join(texts) if len(texts) == len(query.needs) else ""
