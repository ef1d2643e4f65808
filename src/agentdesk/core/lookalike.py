"""Names and domains that look like others: what a forger hopes will be overlooked.

Promises: pure, in time linear in the text; one edit is one letter more, less or other, or two that changed places; letters of
other scripts that look Latin count as Latin. Refuses: calling two big mail providers look-alikes of one another, or
a short name that is one letter away by chance.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

_PROVIDERS = """
    gmail.com googlemail.com hotmail.com hotmail.es hotmail.fr hotmail.it hotmail.co.uk outlook.com outlook.es live.com
    msn.com yahoo.com yahoo.es yahoo.fr yahoo.co.uk ymail.com rocketmail.com icloud.com me.com mac.com aol.com gmx.com
    gmx.net gmx.de gmx.es gmx.at web.de mail.com email.com proton.me protonmail.com pm.me tutanota.com telefonica.net
    movistar.es terra.es ono.com orange.es vodafone.es wanadoo.es mail.ru yandex.com yandex.ru qq.com 163.com 126.com
    zoho.com fastmail.com free.fr orange.fr laposte.net libero.it uol.com.br bol.com.br
    yahoo.com.mx yahoo.com.ar yahoo.com.br yahoo.com.co yahoo.com.pe yahoo.com.ve yahoo.cl hotmail.com.ar hotmail.com.mx
    hotmail.com.br hotmail.cl outlook.com.ar outlook.com.mx outlook.com.br outlook.cl live.com.mx live.com.ar live.cl
    msn.es ya.com eresmas.com jazzfree.com telecable.es euskaltel.net mundo-r.com mundo-r.net menta.net telepolis.com
    lycos.es latinmail.com prodigy.net.mx infinitum.com.mx terra.com.mx terra.com.ar terra.com.pe terra.cl terra.com.br
    fibertel.com.ar speedy.com.ar arnet.com.ar ciudad.com.ar vtr.net entelchile.net une.net.co etb.net.co cantv.net
    adinet.com.uy vera.com.uy speedy.com.pe ig.com.br globo.com globomail.com
"""
PROVIDERS = frozenset(_PROVIDERS.split())
_FAMILIES = re.compile(
    r"(?:yahoo|hotmail|outlook|live|msn|gmx|ymail|rocketmail|icloud|proton|protonmail|aol|yandex|zoho|terra)"
    r"\.[a-z]{2,4}(?:\.[a-z]{2})?"
)
"""Providers that have a domain in every country."""
LABEL_AT_LEAST = 4
"""Letters of a domain's name from which one edit is no chance."""

_PAIRS = (
    # Cyrillic, and letters of phonetics
    "аa вb еe кk мm нh оo рp сc тt уy хx іi јj ѕs ԁd ԛq ԝw һh ӏl гr пn ɡg ɩi "
    # Greek; capitals look otherwise than small ones
    "ΑA ΒB ΕE ΖZ ΗH ΙI ΚK ΜM ΝN ΟO ΡP ΤT ΥY ΧX αa βb εe ηn ιi κk νv οo ρp τt υu χx γy ωw"
)
_LATIN = {ord(pair[0]): pair[1] for pair in _PAIRS.split()}
"""Letters of other scripts to the Latin ones that they are read as."""
_DIGITS = str.maketrans("0135", "oies")
_WIDE = (("rn", "m"), ("vv", "w"), ("cl", "d"))
_APART = re.compile(r"[\W_]+")


@lru_cache(maxsize=4096)
def folded(name: str) -> str:
    """A display name for comparing: Latin letters and digits in small, without accents, words one space apart."""
    bare = unicodedata.normalize("NFKD", name).translate(_LATIN).casefold().translate(_LATIN)
    plain = "".join(char for char in bare if not unicodedata.combining(char))
    return _APART.sub(" ", plain).strip()


def domain_of(address: str) -> str:
    """The domain of an address, lower-cased."""
    return address.rpartition("@")[2].lower()


def is_shared(domain: str) -> bool:
    """Whether strangers live door to door under a domain: that it is the same says nothing then."""
    return domain in PROVIDERS or _FAMILIES.fullmatch(domain) is not None


@lru_cache(maxsize=4096)
def shown(domain: str) -> str:
    """A domain as people are meant to read it: its punycode decoded where it can be."""
    if "xn--" not in domain:
        return domain
    labels = []
    for label in domain.split("."):
        try:
            labels.append(label[4:].encode("ascii").decode("punycode") if label.startswith("xn--") else label)
        except (UnicodeError, ValueError):
            labels.append(label)
    return ".".join(labels)


@lru_cache(maxsize=4096)
def wired(domain: str) -> str:
    """A domain as it travels: its labels in punycode where they are not ASCII."""
    if domain.isascii():
        return domain
    labels = unicodedata.normalize("NFKC", domain).lower().split(".")
    try:
        return ".".join(
            each if each.isascii() else f"xn--{each.encode('punycode').decode()}" for each in labels
        )
    except UnicodeError:
        return domain


def skeleton(domain: str) -> str:
    """What an eye in a hurry takes a domain for."""
    text = unicodedata.normalize("NFKD", shown(domain)).casefold().translate(_LATIN).translate(_DIGITS)
    text = "".join(char for char in text if not unicodedata.combining(char)).replace("l", "i")
    for wide, narrow in _WIDE:
        text = text.replace(wide.replace("l", "i"), narrow)
    return text


def is_homograph(domain: str) -> bool:
    """Letters of another script stand where Latin ones are read: `аpple.com` with a Cyrillic `а`."""
    text = shown(domain)
    return not text.isascii() and text.translate(_LATIN) != text and text.translate(_LATIN).isascii()


@lru_cache(maxsize=4096)
def looks_like(domain: str, others: frozenset[str]) -> bool:
    """Whether a domain is none of `others` nor below one, and looks like one of them."""
    if domain in PROVIDERS or any(domain == each or domain.endswith(f".{each}") for each in others):
        return False
    return any(_alike(domain, each) for each in others)


def _alike(one: str, other: str) -> bool:
    if len(other.partition(".")[0]) < LABEL_AT_LEAST:
        return False
    return skeleton(one) == skeleton(other) or within_one_edit(shown(one), shown(other))


def within_one_edit(one: str, other: str) -> bool:
    """Whether one letter more, less or other, or two that changed places, make the one the other."""
    if len(one) > len(other):
        one, other = other, one
    if len(other) - len(one) > 1:
        return False
    at = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(one))
    if len(one) < len(other):
        return one[at:] == other[at + 1 :]
    swapped = one[at : at + 2] == other[at : at + 2][::-1] and one[at + 2 :] == other[at + 2 :]
    return swapped or one[at + 1 :] == other[at + 1 :]


def domains(addresses: Iterable[str]) -> frozenset[str]:
    """The domains of addresses that are somebody's own: those of big providers are nobody's."""
    return frozenset(domain for each in addresses if not is_shared(domain := domain_of(each)))
