"""What a text of ours promises its reader, and by when: "te confirmo mañana", "us truquem abans de divendres", "you'll have it on Monday".

Promises: pure and linear in the text; Spanish, Catalan and English by their words, all at once. A time counts where the verb nearest
to it is something that we shall do. Refuses: what the reader is to do, what was, what is asked, hoped or tied to an "if", what is
quoted, what a courier or supplier is said to do, and being sure: it is offered to whoever writes. How often it is wrong is said by its labelled texts
(`tests/core/test_pledge.py`).
"""

import re
from datetime import datetime
from functools import lru_cache

from agentdesk.core.pledging import Pledge
from agentdesk.core.sentence import sentences
from agentdesk.core.spokentime import Spoken, times
from agentdesk.core.timetable import Calendar
from agentdesk.values import dataclass

FAR = 160
"""A verb that stands further from a time than that is not what happens then."""
_US_ES = (
    r"(?:confirm|avis|llam|mand|contest|revis|mir|prepar|tramit|solucion|reembols|comunic|inform|cont|coment|pas|cambi|entreg|reserv|gestion|"
    r"consult|pregunt|explic|actualiz|llev|repas|abon|ingres|busc|activ|cancel|anul|(?:re)?env[ií]|dej|llam|encarg|despach|contact|verific|deposit|factur|aclar|coordin|notific|marc)"
)
_US_CA = (
    r"(?:confirm|avis|envi|contest|revis|mir|prepar|tramit|solucion|reembors|comuniqu|inform|expliqu|pass|canvi|lliur|reserv|gestion|consult|"
    r"pregunt|actualitz|port|torn|abon|busqu|truqu|activ|cancel·l|anul·l|retorn|repos|pos|contact|verific|ingress|factur|aclar|coordin|reenvi)"
)
_TO_YOU_ES = r"(?:(?:te|os|le|les|se|lo|la|los|las) )"
_TO_YOU_CA = r"(?:(?:et|us|li|ho|te|els|la|el|les|en|us en|te n)[ '’]|[tl]['’])"
_OURS = re.compile(
    r"\b(?:"
    rf"{_TO_YOU_ES}+{_US_ES}o|{_TO_YOU_ES}*{_US_ES}amos|{_TO_YOU_ES}+(?:digo|escribo|respondo|devuelvo|resuelvo|hago|doy|pongo|vuelvo|cuento|traigo)|"
    rf"{_TO_YOU_ES}*(?:decimos|escribimos|respondemos|devolvemos|resolvemos|hacemos|damos|ponemos|volvemos|reponemos|traemos)|"
    rf"{_TO_YOU_CA}+(?:{_US_CA}o|truco|dic|escric|responc|faig|dono|torno|explico)|{_TO_YOU_CA}*(?:{_US_CA}em|escrivim|diem|responem|fem|donem|resolem|traiem)|"
    r"(?:te |os |le |les |lo |la |los |las |et |us |t'|l')*\w+(?:aré|eré|iré|dré|aremos|eremos|iremos|dremos|arem|erem|irem|drem)|"
    rf"{_TO_YOU_ES}+(?:estoy|estamos) \w+(?:ando|iendo)|"
    r"(?:voy|vamos) a \w+r(?:te|os|le|les|lo|la|los|las)*|"
    r"ver[áa]s?|veur(?:às|eu)|recib(?:es|ir[áa]s?|en|ir[áa]n)|(?:te )?llega(?:r[áa])?n?|sal(?:e|en|dr[áa]n?)|(?:lo|la|los|las) (?:tienes|tiene|ten[ée]s)|recib[íi]s|tendr[áa](?:s|n)?|se entregar[áa]n?|"
    r"(?:quedar?[áa]?|estar[áa])n? (?:list|resuelt|solucionad|hech|arreglad|disponible|en tu|contigo|repar)\w*|se (?:env[íi]a|enviar[áa])n?|ser[áa]n? (?:enviad|reembolsad|abonad|entregad)\w*|"
    r"rebr?s|reb(?:s|ràs|reu)|tindr(?:às|eu)|(?:t'|us )?arrib(?:a|en|arà|aran)|surt(?:en)?|sortir(?:à|an)|(?:ho|el|la|els|les) (?:tens|teniu)|"
    r"(?:estarà|quedarà?|queda)n? (?:llest|resolt|a punt|solucionat|fet|disponible|arreglat|reparat)\w*|serà (?:enviat|abonat|lliurat)\w*|"
    r"(?:we|i)(?:['’]ll| will| shall|(?:['’]m|['’]re| am| are) going to)(?! not)(?: \w+ly| then| also)?(?: be)? \w+|"
    r"(?:we|i)(?:['’]m|['’]re| am| are) (?:sending|shipping|calling|refunding|getting back|replacing|writing)|(?:we|i) promise(?: to)? \w+|let me \w+|"
    r"and will (?!not)\w+|and (?:get back|come back|call you|write to you|(?:send|ship|post) (?:you|it|them)|let you know|tell you|confirm|update you|refund)|"
    r"you(?:['’]ll| will) (?:receive|have|get|hear|see)|expect (?:to hear|(?:our|my|an|a) (?:answer|reply|call))|(?:ships|leaves|goes out|arrives)|"
    r"(?:will|['’]ll) (?:arrive|ship|leave|go out|be (?:\w+ed|sent|ready|with you|there|done|on (?:its|the) way))"
    r")(?!\w)",
    re.IGNORECASE,
)
_NOT_OURS = re.compile(
    r"\b(?:"
    r"(?:escr[íi]be|env[íi]a|m[áa]nda|dinos|dime|av[íi]sa|ll[áa]ma|conf[íi]rma|resp[óo]nde|cont[ée]sta|rellena|devu[ée]lve|p[áa]sa|ven|ac[ée]rca|rec[óo]ge|elige|comprueba|"
    r"haz|d[ée]ja|tr[áa]e|paga|ind[íi]ca|pide|mete)(?:nos|me|lo|la|los|las|te|noslo)*|"
    r"(?:puedes?|pod[ée]is|podr[íi]as?|debes?|deb[ée]is|tienes que|tendr[íi]as que|tendr[áa]s que|hay que|necesit(?:o|amos|as))|(?:nos|me) \w+[aei]s|"
    r"(?:que|si|cuando|hasta que) (?:no )?(?:nos |me |lo |la |te )*\w+[aei]s|"
    r"te (?:pedimos|rogamos|agradecemos|recordamos|recomendamos|pido|ruego|agradezco|recuerdo|recomiendo)|recuerda|"
    r"(?:escriu|envia|mana|digue(?:s)?|avisa|truca|confirma|respon|contesta|omple|passa|vine|recull|tria|comprova|fes|deixa|porta|paga|indica|demana)(?:['’]ns|['’]m|-nos|-me|-ho|-lo|-la|['’]t)*|"
    r"(?:pots|podeu|podries|has de|hauries de|hauràs de|cal que|cal|necessit(?:o|em))|ens \w+[ei]s|et (?:demanem|preguem|agraïm|recordem|recomanem)|recorda|"
    r"(?:please|kindly) \w+|(?:can|could|would|will) you|you (?:can|could|should|must|may|need to|have to)|let (?:us|me) know|"
    r"(?:send|tell|give|write|call|reply to|email|bring|return) (?:us|me)|return it|if you|we (?:need|ask)|remember|"
    r"(?:estaremos|estar[ée]|estamos|abr(?:e|en|imos|iremos|ir[áa]n?)|cerr(?:amos|aremos|ar[áa]n?)|cierran?|estarem|obr(?:e|en|im|irem|irà)|tanc(?:a|ar[àa]|uem|arem)|tanquem|"
    r"we(?:['’]ll| will)? (?:be )?(?:open|close|closed)|(?:we are|we['’]re|will be|is|are) (?:open|closed)|(?:shop|store) (?:is|opens|closes))|"
    r"(?:termina|acaba|caduca|vence|empieza|comença|ends|expires|starts|begins)n?|"
    r"he|hemos|hab[íi]a\w*|fue|fueron|era|estuvo|\w{2,}(?:aste|iste|asteis|isteis)|\w{3,}ó|vaig (?!a\b)\w+|(?:vas|va|vam|van|vau) \w+|hem|haig|"
    r"have|has|had|was|were|did|sent|came|left|wrote|called|told|bought|ordered|received|arrived|shipped|paid|asked|said|\w{3,}ed|"
    r"(?:prepar|repar|mir|tir|retir|esper|gir|separ|consider|recuper|compar)é|"
    r"(?:will not|won['’]t|can['’]t|cannot|don['’]t|doesn['’]t|do not|does not|isn['’]t) \w+"
    r")(?!\w)",
    re.IGNORECASE,
)
_NO = re.compile(
    r"\b(?:no|nunca|tampoco|ni|not|never)(?: (?:te|os|le|les|se|lo|la|los|las|nos|et|us|ho|en|hi|el|els))*[ '’]?(?:[tl]['’])?$",
    re.IGNORECASE,
)
_TIED = re.compile(
    r"\b(?:si|if|siempre que|sempre que|unless|en caso de|en cas|salvo que|a no ser que|llevat que|provided)\b"
    r"(?! (?:te parece|te va|quieres|le parece|os parece|no te importa|todo va bien|et sembla|et va|vols|tot va b[ée]|us plau|"
    r"that['’]?s|that is|it['’]?s ok|you like|you want|that suits|all goes))",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"(?:confirm|avis|dec|dig|sab|mir|compr|consult|pregunt|dic|diem|know|tell|see|check|ask|say)\w*",
    re.IGNORECASE,
)
"""Behind such a verb an "if" ties nothing: "te confirmo si queda"."""
_HOPED = re.compile(
    r"\b(?:deber[íi]an?|hauri(?:a|en) de|should|esper(?:o|amos|em)|we hope|hope to|hopefully|probable?mente|probablement|seguramente|segurament|quiz[áa]s?|"
    r"tal vez|potser|maybe|perhaps|probably|might|puede que|creo que|creemos|crec que|creiem|we think|i think|intentar(?:é|emos|em)|intentem|intentamos|we try|"
    r"(?:['’]ll|will) try|en principio|en principi|normalmente|normalment|habitual(?:es|ment|mente)?|usually|normally|typically|suelen?|solemos|solem|generalmente|generalment|ojal[áa]|tant de bo)\b",
    re.IGNORECASE,
)
_WHO_CARRIES = (
    r"(?:transport|mensajer|missatger|repartid|repartidor|correos|correus|seur|mrw|gls|dhl|ups|fedex|nacex|ctt|estafeta|andreani|"
    r"proveedor|prove[ïi]dor|fabricante|fabricant|seguimiento|seguiment|courier|carrier|supplier|tracking)\w*"
)
_REPORTED = re.compile(
    rf"\b(?:según|segons|according to) (?:(?:el|la|los|els|les|the) |l['’])?{_WHO_CARRIES}|"
    rf"\b{_WHO_CARRIES} (?:(?:nos|ens|us) )?(?:indica|dice|informa|confirma|asegura|comunica|diu|assegura|says?|tells?|informs?)n?\b",
    re.IGNORECASE,
)
"""What others said that they would do."""
_CITED = re.compile(r"«[^»]*»|“[^”]*”|\"[^\"]*\"")
_APART = re.compile(
    r",|;|:|\b(?:y|i|and|pero|però|but|que|cuando|quan|when|porque|perqu[èe]|because|as|como|mientras|mentre|while|para que|per què|so that|since)\b",
    re.IGNORECASE,
)
_AS_WELL = re.compile(
    r"(?:[\s,]|^)(?:y|i|and)[\s,]+(?:(?:para|per|pel|for|on|el|la|l'|the|también|tambien|també|also)[\s,]*)*$",
    re.IGNORECASE,
)
"""What stands before a time at which the same is done once more: "mañana la factura y el jueves el paquete"."""
_AND = re.compile(r"and\s+", re.IGNORECASE)
_COMMA, _CLAUSE = 6, 25
"""How much further away a verb is behind a comma, and in another clause."""


@dataclass(frozen=True, slots=True)
class _Verb:
    start: int
    end: int
    ours: bool


def pledges(text: str, now: datetime, calendar: Calendar) -> tuple[Pledge, ...]:
    """What `text`, sent at `now`, promises with a time to come, in the order in which it says so; of two times for one act the
    later one counts, of a day and an hour of it the hour. What is done on one day "and" on another is promised twice; what a sentence
    promises twice for one time is one promise."""
    found: dict[tuple[str, int, int], Spoken] = {}
    for sentence in sentences(text):
        if (
            sentence.endswith("?")
            or _is_tied(sentence)
            or _HOPED.search(sentence)
            or _REPORTED.search(sentence)
        ):
            continue
        own = _CITED.sub(lambda cited: " " * len(cited[0]), sentence)
        said = times(own, now, calendar)
        verbs = _verbs(own) if said else ()
        for each in said:
            verb = min(verbs, key=lambda verb: _far(own, verb, each), default=None)
            if verb is None or not verb.ours or _far(own, verb, each) > FAR:
                continue
            act = sum(key[:2] == (sentence, verb.start) for key in found)
            known = found.get((sentence, verb.start, act - 1))
            if known is None or _is_another(own, known, each, calendar):
                found[sentence, verb.start, act] = each
            elif each.tells_more(known, calendar.zone):
                found[sentence, verb.start, act - 1] = each
    return tuple(dict.fromkeys(Pledge(sentence, each.due_at) for (sentence, *_), each in found.items()))


def _is_another(sentence: str, known: Spoken, said: Spoken, calendar: Calendar) -> bool:
    """Whether the same is done at `known` and on another day once more."""
    first, then = (each.due_at.astimezone(calendar.zone).date() for each in (known, said))
    return first != then and _AS_WELL.search(sentence, known.end, said.start) is not None


def _is_tied(sentence: str) -> bool:
    """Whether what it says is so only if something else is."""
    before = (sentence[: each.start()].split()[-1:] for each in _TIED.finditer(sentence))
    return any(not word or not _ASKS.fullmatch(word[0]) for word in before)


@lru_cache(maxsize=256)  # one who writes changes one sentence
def _verbs(sentence: str) -> tuple[_Verb, ...]:
    """What is done in it, by whom; of two that overlap the longer one."""
    found = [
        _Verb(_begins(match), match.end(), ours=not _NO.search(sentence[: match.start()]))
        for match in _OURS.finditer(sentence)
    ]
    found += [_Verb(*match.span(), ours=False) for match in _NOT_OURS.finditer(sentence)]
    return tuple(
        each
        for each in found
        if not any(
            other is not each
            and other.start <= each.start
            and each.end <= other.end
            and (other.end - other.start > each.end - each.start or not other.ours)
            for other in found
        )
    )


def _begins(verb: re.Match[str]) -> int:
    """Where it begins, behind an "and": that parts it from what stands before."""
    joined = _AND.match(verb[0])
    return verb.start() + (joined.end() if joined else 0)


def _far(sentence: str, verb: _Verb, said: Spoken) -> int:
    """How far a verb is from a time: the letters between, and more across a comma or into another clause."""
    gap = sentence[verb.end : said.start] if verb.end <= said.start else sentence[said.end : verb.start]
    return len(gap) + sum(_COMMA if each[0] == "," else _CLAUSE for each in _APART.finditer(gap))
