"""The words that the full-text index knows, and which of them are one word with another ending or with a slip in it.

Promises: words are looked up in the index's own list, in a stretch of it that the first letters bound, so that nothing is
stored for it, and receiving mail costs what it did; the most frequent first, and not more than MOST. Refuses: guessing the
language: an ending counts in any of the three. The list is folded, so stems are those of words without accents, which
Snowball's Catalan does not expect; PLURALS says what it therefore misses, and the spellings that change with the ending.
"""

import json
import string
from collections.abc import Iterator

from agentdesk.core import folding
from agentdesk.core.query import Word
from agentdesk.core.widening import one_slip
from agentdesk.store.driver import Connection

MOST = 24
SHORTEST_ENDING, SHORTEST_SLIP = 3, 4
"""Letters that a word has at least to be looked for with other endings, and with a slip."""
LANGUAGES = {"spanish": 3, "english": 3, "catalan": 4}
"""Letters that a stem has at least: Catalan takes so much off that a shorter one says little."""
PLURALS = (
    ("ces", "z"), ("ces", "ca"), ("ges", "ja"), ("gues", "ga"), ("ques", "ca"), ("ves", "f"), ("ves", "fe"),
    ("eses", "es"), ("ises", "is"), ("uses", "us"), ("eis", "ey"), ("ssos", "s"), ("jos", "ig"), ("tjos", "g"),
    ("aus", "au"), ("eus", "eu"), ("ius", "iu"), ("ous", "ou"),
)  # fmt: skip
"""luz luces, plaça places, taronja taronges, botiga botigues, butaca butaques, shelf shelves, knife knives; interés intereses, anís
anises, autobús autobuses, jersey jerséis, matalàs matalassos, boig bojos, desig desitjos; and Catalan vowels with a plain s: palau
palaus, preu preus, motiu motius."""
_KEPT = 2  # letters after which the list is read as a whole; slips before them are looked up one by one
_LONGEST = 40  # letters of a word worth the trouble
_LONGEST_ENDING = 6  # letters that another form has more
_STRETCH = "FROM temp.vocabulary WHERE term >= ? AND term < ?"
_END = "\U0010ffff"


class Vocabulary:
    """The words of one index, asked over one connection, by one thread."""

    def __init__(self, connection: Connection) -> None:
        from Stemmer import Stemmer

        self._connection = connection
        self._stemmers = {name: Stemmer(name, 0).stemWord for name in LANGUAGES}
        _teach(connection)

    def others(self, word: Word) -> list[str]:
        """Its other endings; where it has none and nobody ever wrote it, what it is with one slip."""
        words, forms = folding.tokens(word.text), self.forms(word)
        unknown = [at for at in range(len(words)) if not self._knows(words, at, word.prefix)]
        if forms and unknown == [len(words) - 1]:
            unknown = []
        return [*forms, *(self._slipped(words, unknown) if len(unknown) == 1 else [])]

    def forms(self, word: Word) -> list[str]:
        """Its other endings."""
        words = folding.tokens(word.text)
        return [" ".join((*words[:-1], ending)) for ending in self.endings(words[-1])]

    def forgiving(self, word: Word) -> list[str]:
        """The same and every slip, but in a number that is known: the next order is another customer's."""
        words = folding.tokens(word.text)
        places = [at for at, each in enumerate(words) if each.isalpha() or not self._knows(words, at)]
        return list(dict.fromkeys((*self.others(word), *self._slipped(words, places))))

    def endings(self, word: str) -> list[str]:
        """The words that have a stem in common with `word` (folded), which is not among them."""
        if not (word.isalpha() and SHORTEST_ENDING <= len(word) <= _LONGEST):
            return []
        stems = self._stems(word)
        changes = {word[:-1]} if word.endswith("ig") else set()  # roig rojos: both letters become another
        start = _shared({word, *changes, *(stem for _, stem in stems)})[:-1]
        if len(start) < _KEPT:
            start = word[:_KEPT]
        rows = self._connection.execute(
            f"SELECT term {_STRETCH} AND length(term) BETWEEN 3 AND ? ORDER BY doc DESC",
            (start, start + _END, len(word) + _LONGEST_ENDING),
        )
        same = (term for (term,) in rows if term != word and term.isalpha() and stems & self._stems(term))
        return [term for term, _ in zip(same, range(MOST), strict=False)]

    def near(self, word: str) -> list[str]:
        """The words that become `word` (folded) by one slip."""
        if not SHORTEST_SLIP <= len(word) <= _LONGEST:
            return []
        start, sizes = word[:_KEPT], (len(word) - 1, len(word) + 1)
        found = dict(
            self._connection.execute(
                f"SELECT term, doc {_STRETCH} AND length(term) BETWEEN ? AND ?",
                (start, start + _END, *sizes),
            ).fetchall()
        )
        found = {term: count for term, count in found.items() if one_slip(word, term)}
        found |= self._connection.execute(
            "SELECT v.term, v.doc FROM json_each(?) j CROSS JOIN temp.vocabulary v ON v.term = j.value",
            (json.dumps(sorted(set(_begun_wrong(word)))),),
        ).fetchall()
        found.pop(word, None)
        return sorted(found, key=lambda term: (-found[term], term))[:MOST]

    def _slipped(self, words: list[str], places: list[int]) -> list[str]:
        """`words` with a slip in one of them, which is at one of `places`."""
        return [
            " ".join((*words[:at], other, *words[at + 1 :]))
            for at in places
            for other in self.near(words[at])
        ][:MOST]

    def _knows(self, words: list[str], at: int, prefix: bool = False) -> bool:
        word = words[at]
        end = word + _END if prefix and at == len(words) - 1 else word
        sql = "SELECT 1 FROM temp.vocabulary WHERE term BETWEEN ? AND ? LIMIT 1"
        return self._connection.execute(sql, (word, end)).fetchone() is not None

    def _stems(self, word: str) -> set[tuple[str, str]]:
        """What is left of `word` without its ending, by language; a plural's singular counts as a language of its own."""
        stems = {
            (name, stem)
            for name, stemmed in self._stemmers.items()
            if len(stem := stemmed(word)) >= LANGUAGES[name]
        }
        return stems | {("singular", word), *(("singular", each) for each in _singulars(word))}


def _shared(words: set[str]) -> str:
    """The letters with which all of `words` begin."""
    first, last = min(words), max(words)
    at = 0
    while first[at : at + 1] and first[at] == last[at : at + 1]:
        at += 1
    return first[:at]


def _singulars(word: str) -> Iterator[str]:
    """Catalan nouns end in a vowel that had an n after it: avió avions, camí camins, català catalans."""
    if not word.endswith("s"):
        return
    if len(word) > 4 and word.endswith("ns") and word[-3] in "aeiou":
        yield word[:-2]
    for plural, singular in PLURALS:
        if len(word) > len(plural) + 1 and word.endswith(plural):
            yield word.removesuffix(plural) + singular


def _begun_wrong(word: str) -> Iterator[str]:
    """What `word` may be where the slip is before or at the border of what is kept."""
    letters = string.digits if word.isdigit() else string.ascii_lowercase
    if not word.isalpha() and not word.isdigit():
        letters += string.digits
    for at in range(_KEPT):
        yield word[:at] + word[at + 1 :]
        yield word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        for letter in letters:
            yield word[:at] + letter + word[at + 1 :]
            yield word[:at] + letter + word[at:]


def _teach(connection: Connection) -> None:
    """The list for SQL, once for each connection; it writes nothing, but a connection that only reads refuses to be told."""
    if connection.execute("SELECT 1 FROM temp.sqlite_schema WHERE name = 'vocabulary'").fetchone():
        return
    was = connection.execute("PRAGMA query_only").fetchone()[0]
    connection.execute("PRAGMA query_only = 0")
    try:
        connection.execute("CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab(main, search, row)")
    finally:
        connection.execute(f"PRAGMA query_only = {was}")
