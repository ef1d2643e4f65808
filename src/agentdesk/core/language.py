"""Which language somebody writes in, by the words that everybody uses.

Promises: a vote of frequent words, linear in the text; it says nothing when unsure. Refuses: models and dictionaries: a
help desk's mails are short, and a wrong guess is worse than none.
"""

import re
from collections import Counter

OURS = ("es", "ca", "en")
"""The languages that a shop of ours answers in: another one is told only where it is clearly that."""
# Frequent words that tell these languages apart, as they are written and as they are typed in a chat, without accents. A word that
# two share counts for both and so decides nothing between them; words common to most of them are left out.
_WORDS = {
    "es": "y el los las del una con por para pero muy este esta esto está estoy hola gracias buenos buenas días "
    "tardes pedido envío cuándo qué cómo mi su sus usted ustedes hay tengo tiene quiero puedo puede ha he sido "
    "ser todavía también ya más saludos favor cuenta llegado recibido talla dinero nada ningún hasta desde "
    "porque cuando donde ayer hoy mañana semana necesito podrían quisiera sin ustedes me se lo le un es "
    "que tambien todavia dias aun aún mas manana ningun podrian podria podría podeis podéis os te nos vuestro vuestra vuestros vuestras envio enviado "
    "espero esperando respuesta algo alguien hacer cambiar devolver devolución devolucion funciona llego llegó llega llegan vale código codigo número "
    "numero dirección direccion factura tienda foto abierto abris abrís roto teneis tenéis hora cuanto cuánto cuesta sigo otra otro vez veces ahora "
    "perdón perdon buenas decir digo mandado esto ese esa eso nadie nunca bien dos si sí no contestar contestad pagado "
    "muchas muchos mucho perfecto soy era fue hace vivo tarda viene vino falta mal mejor pasa mis les hemos habéis habeis urgente correo casa",
    "ca": "i el els les dels del una amb per però molt aquest aquesta això és estic hola gràcies bon bona dia "
    "tarda comanda enviament quan què com meu meva seu seva vostè hi tinc té vull puc pot ha he estat ser encara "
    "també ja més salutacions sisplau plau compte arribat rebut diners res cap fins des perquè on ahir avui "
    "demà setmana necessito podríeu voldria sense em es ho li un als moltes amic nosaltres vaig vam va han fer arribar article paquet botiga caixa tornar dona "
    "que gracies tambe aixo voste mes dema perque podrieu podria podeu podem teniu tens us et ens em quant quina quin cosa algú algu dir fer hem heu "
    "dues vegades codi adreça adreca obert obriu trencat esperant espero resposta escric escriure enviar enviat canviar recollir hora ara tot bones "
    "acord foto factura funciona pagat noticies notícies pots perdó perdo bé ningú ningu sempre molta massa altra altre vosaltres costa nostre vostra vostres no si sí tinc arriba te "
    "soc sóc era fa visc triga ve falta malament millor passa meus hem urgent correu casa",
    "en": "the and of to is are was were with for but very this that these hello hi thanks thank you your order "
    "shipping when what how my have has had been not still also please regards want can could would should will "
    "received arrived where from at on in it i we they be there yesterday today tomorrow week need any no do does "
    "me tell something work works code invoice how much sent photo did now anybody somebody anyone someone paid twice parcel package open opened sorry wrong "
    "address size change return broken came here ok wait news answer answering doesn didn isn don get got let by out never many forgot if an",
    "fr": "et le les des du une avec pour mais très ce cette bonjour merci commande livraison quand quoi comment "
    "mon ma votre vos je vous nous ai est sont été pas encore aussi cordialement voudrais peux où hier demain "
    "semaine sans qui que dans sur au aux il elle un "
    "me mes recu reçu rien toujours répondre repondre changer taille colis arrive arrivé casse cassé ou oui non ça ca qu est",
    "de": "und der die das den dem ein eine einen mit für aber sehr dies diese hallo danke bestellung lieferung "
    "wann was wie mein meine ihr ihre ich sie wir habe hat ist sind nicht noch auch bitte grüße möchte kann wo "
    "gestern heute morgen woche ohne von zu im am auf es guten tag nichts bekommen kommt paket wurde",
    "pt": "e o os as do da dos das uma com por para mas muito este esta isto está estou olá obrigado obrigada bom "
    "boa dia tarde pedido quando que como meu minha seu sua você não tenho tem quero posso pode foi ser ainda "
    "também já mais cumprimentos favor conta chegou recebi nada até desde porque onde ontem hoje amanhã semana "
    "preciso gostaria sem em um ao à "
    "nao devolver voce voces vocês ola ate ja eu ele ela me te nos lhe encomenda ajudar paguei duas vezes vez onde esta algo hora pedi recebido dois na caixa falta funciona código codigo si",
    "it": "e il i gli le del della dei delle una con per ma molto questo questa è sono ciao buongiorno grazie ordine "
    "spedizione quando che come mio mia suo sua lei non ho ha stato ancora anche già più saluti vorrei posso può "
    "dove ieri oggi domani settimana senza un di da nel alla "
    "mi ci vi niente ricevuto cambiare taglia pacco arrivato arriva rotto cosa mille perché perche si no ma te",
}
_SHARED: dict[bytes, list[str]] = {}
for _code, _words in _WORDS.items():
    for _word in set(_words.encode("cp1252").split()):
        _SHARED.setdefault(_word, []).append(_code)
_VOTES = {word: " ".join(codes) for word, codes in _SHARED.items()}
_VOTE = 420
"""What a word counts; it can be shared out among up to seven languages without a rest."""
_SHARES = {
    shared: [(code, _VOTE // len(codes)) for code in codes]
    for shared, codes in zip(_VOTES.values(), _SHARED.values(), strict=True)
}
_WORD = re.compile(r"[^\W\d_]+")


def _letters(charset: str) -> bytes:
    """A table that makes letters of `charset` small ones, and a space of anything else."""
    chars = (bytes([n]).decode(charset, "replace").lower() for n in range(256))
    return b"".join(char.encode(charset) if _WORD.match(char) else b" " for char in chars)


_LATIN = _letters("latin-1")
_WESTERN = _letters("cp1252")


def _words_of(text: str) -> list[bytes]:
    """The words of a text in small letters and the character set that all languages here share, the quick way if it can."""
    try:
        return text.encode("latin-1").translate(_LATIN).split()
    except UnicodeEncodeError:
        pass
    try:
        return text.lower().encode("cp1252").translate(_WESTERN).split()
    except UnicodeEncodeError:
        return [word.encode("cp1252", "replace") for word in _WORD.findall(text.lower())]


def language(text: str) -> str | None:
    """The language of a customer's own words: es, ca, en, fr, de, pt or it; None when unsure.

    A vote of frequent words over the first 3,000 characters: two votes at least, and a fifth more than the next. A vote for a
    language that is none of OURS counts two thirds: a few words that Spanish shares with Portuguese make nobody Portuguese.
    """
    text = text[:3000]
    votes = dict.fromkeys(_WORDS, 0)
    for shared, count in Counter(filter(None, map(_VOTES.get, _words_of(text)))).items():
        for code, share in _SHARES[shared]:
            votes[code] += count * share
    if "¿" in text or "¡" in text:
        votes["es"] += _VOTE
    if "·" in text and "l·l" in text:
        votes["ca"] += 2 * _VOTE
    most = max(votes.values())
    weighed = {code: count if code in OURS else count * 2 // 3 for code, count in votes.items()}
    *_, next_most, first = sorted(weighed.values())
    sure = 2 * most >= 3 * _VOTE and 5 * first >= 6 * next_most
    return max(weighed, key=weighed.__getitem__) if sure else None
