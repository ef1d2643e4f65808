"""Which quick replies answer what a customer wrote: those whose words for it (`says`) stand in the message; of a shop's own that
has none, all telling words of its title.

Promises: pure; a reply is named for words that anybody can read in its file, several words count where all of them are there, and
what many replies are known by says little. Refuses: guessing from the texts of the answers, which are in the shop's words and not
in the customer's; being sure: it orders a list.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from agentdesk.core.folding import tokens
from agentdesk.core.replies import SHIPPED, QuickReply

Stem = Callable[[str], str]
MOST = 3
"""Replies that are named."""
_LITTLE = {
    "es": "a al con de del e el en es ha han he la las lo los me mi mis no que se un una y",
    "ca": "a al amb d de del el els em en es ha hi ho i l la les m ma me meva meves no que s un una",
    "en": "a an at do for i in is it my not of on s t the to we you",
}
"""By language: words that say nothing alone."""
_TELLING = 5
"""Letters of a stem that is no word of everyday in another language: "sale" is Spanish too, and "can" English."""
_TOGETHER = 1.5
"""Several words say more than the sum of them."""


def likely(
    replies: Iterable[QuickReply], text: str, language: str | None, stems: Mapping[str, Stem]
) -> list[str]:
    """The names of the replies that fit, at most MOST, the likeliest first; by the words of `language`, or where nothing of those
    is in `text`, or it is not known, by those of any."""
    known = [each for each in replies if each.says or each.source != SHIPPED]
    own = [language] if language is not None and language in stems else []
    return _by_words(known, text, own, stems) or _by_words(known, text, list(stems), stems, _TELLING)


def _by_words(
    replies: Sequence[QuickReply],
    text: str,
    languages: Sequence[str],
    stems: Mapping[str, Stem],
    letters: int = 0,
) -> list[str]:
    """`letters`: a stem of at least so many has to be among those of a name."""
    found: Counter[str] = Counter()
    for language in languages:
        stem = stems[language]
        said = {form for word in tokens(text) for form in (word, stem(word))}
        little = {stem(word) for word in _LITTLE[language].split()}
        names = {each.name: _names(each, language, stem, little) for each in replies}
        shared = Counter(one for some in names.values() for one in some)
        for name, some in names.items():
            for one in some:
                if one <= said and max(map(len, one)) >= letters:
                    found[name] += len(one - little) ** _TOGETHER / shared[one]
    order = sorted(found, key=lambda name: (-found[name], name))
    return [name for name in order if found[name] > 0][:MOST]


def _names(reply: QuickReply, language: str, stem: Stem, little: set[str]) -> set[frozenset[str]]:
    """What its matter is called, each name as the stems of its words."""
    if not reply.says:
        return {_known(reply.titles.get(language, ""), stem) - little} - {frozenset()}
    return {_known(one, stem) for one in reply.says.get(language, ())} - {frozenset()}


def _known(name: str, stem: Stem) -> frozenset[str]:
    """The stems of its words; the word itself where less than half of it would be left: that is how others begin as well."""
    return frozenset(
        short if 2 * len(short) >= len(word) else word for word in tokens(name) for short in [stem(word)]
    )
