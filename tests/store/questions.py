"""A desk on which a hundred answers were given long ago, and a hundred questions for them as people type: plurals, other
endings, lost accents, and one slip in a name or in an order's number."""

import random
from datetime import timedelta
from itertools import product

from agentdesk.channels import Arrival, Batch
from agentdesk.core.model import Place
from desks import SHOP, Bench

THINGS = {
    "es": "lámpara lámparas|sofá sofás|cajón cajones|luz luces|sillón sillones|mantel manteles|espejo espejos|"
    "cojín cojines|estantería estanterías|alfombra alfombras|reloj relojes|armario armarios",
    "ca": "tassa tasses|llum llums|coixí coixins|botiga botigues|catifa catifes|mirall miralls|estovalla estovalles|"
    "calaix calaixos|taronja taronges|balancí balancins|peça peces|armari armaris",
    "en": "shelf shelves|curtain curtains|battery batteries|hinge hinges|brush brushes|drawer drawers|pillow pillows|"
    "handle handles|candle candles|box boxes",
}
MATTERS = {
    "es": "devolución devoluciones|garantía garantías|cancelación cancelaciones|descuento descuentos|avería averías",
    "ca": "devolució devolucions|garantia garanties|reclamació reclamacions|descompte descomptes|enviament enviaments",
    "en": "refund refunds|delivery deliveries|warranty warranties|invoice invoices",
}
SAID = {
    "es": "Hola, sobre la {matter} de {thing}: la revisamos y te respondemos. Pedido {order}. Un saludo, {name}",
    "ca": "Hola, sobre {matter} i {thing}: ho hem mirat i et responem aviat. Comanda {order}. Salutacions, {name}",
    "en": "Hello, about the {matter} and the {thing}: we looked into it and will answer. Order {order}. Regards, {name}",
}
SURNAMES = (
    "Casadevall Hernández Rovira Montserrat Etxeberria Gutiérrez Fontanals Bohigas Whitfield Pemberton Saavedra Llongueras "
    "Carrasquilla Puigdomènech Blackwood"
)
OTHERS = [
    "García",
    "Puig",
    "Soler",
    "Smith",
    "Ruiz",
    "Vidal",
    "Brown",
    "Serra",
    "López",
    "Martí",
    "Pons",
    "Jones",
    "Gracia",
    "Mora",
    "Costa",
]


def pairs(text: str) -> list[tuple[str, ...]]:
    return [tuple(each.split()) for each in text.split("|")]


PLAIN = str.maketrans("áéíóúàèòçñ", "aeiouaeocn")


def slip(dice: random.Random, word: str, letters: str) -> str:
    """`word` with one letter missing, doubled, mistaken, or two of them in each other's place."""
    at = dice.randrange(len(word) - 1)
    wrong = {
        0: word[:at] + word[at + 1 :],
        1: word[:at] + word[at] + word[at:],
        2: word[:at] + dice.choice(letters) + word[at + 1 :],
        3: word[:at] + word[at + 1] + word[at] + word[at + 2 :],
    }[dice.randrange(4)]
    return wrong if wrong != word else slip(dice, word, letters)


class Desk:
    """`questions`: (what is typed, the number of the ticket with the answer)."""

    def __init__(self, bench: Bench, seed: int, noise: int = 1900) -> None:
        self.dice = random.Random(seed)
        self.bench = bench
        self.planted: list[tuple[str, str]] = []  # question, who got the answer
        combined = {each: [*product(pairs(THINGS[each]), pairs(MATTERS[each]))] for each in THINGS}
        for each in combined.values():
            self.dice.shuffle(each)
        taken = {"es": 24, "ca": 24, "en": 16}
        answers = [self._ending(each, *pair) for each in taken for pair in combined[each][: taken[each]]]
        free = {each: combined[each][taken[each] :] for each in combined}
        answers += [self._name(name, free) for name in SURNAMES.split()]
        answers += [self._number(free) for _ in range(21)]
        total = noise + len(answers)
        places = set(self.dice.sample(range(total // 2), len(answers)))
        self.dice.shuffle(answers)
        texts = iter(answers)
        self._take([next(texts) if at in places else self._noise(free) for at in range(total)])
        with bench.reading() as connection:
            rows = connection.execute(
                "SELECT i.address, t.number FROM ticket t JOIN identity i USING (customer)"
            )
            tickets = dict(rows.fetchall())
        self.questions = [(question, tickets[who]) for question, who in self.planted]

    def _order(self) -> str:
        return self.dice.choice(("ES-{}", "#{}", "{}")).format(self.dice.randint(1_000_000, 99_999_999))

    def _noise(self, free) -> tuple[str, str, str]:
        language = self.dice.choice(tuple(free))
        name = self.dice.choice(OTHERS)
        return self._written(language, self.dice.choice(free[language]), self._order(), name)

    def _written(self, language, pair, order, name) -> tuple[str, str, str]:
        thing, matter = (self.dice.choice(each) for each in pair)
        who = f"c{self.dice.getrandbits(60)}@x.test"
        return who, name, SAID[language].format(thing=thing, matter=matter, order=order, name=f"Ana {name}")

    def _ending(self, language, *pair) -> tuple[str, str, str]:
        """Asked in the other number, half the time without accents."""
        told = self.dice.randrange(2)
        who, name, text = self._written(
            language, tuple((forms[told],) for forms in pair), self._order(), self.dice.choice(OTHERS)
        )
        question = " ".join(forms[1 - told] for forms in pair)
        self.planted.append((question.translate(PLAIN) if self.dice.random() < 0.5 else question, who))
        return who, name, text

    def _name(self, name, free) -> tuple[str, str, str]:
        language = self.dice.choice(tuple(free))
        answer = self._written(language, self.dice.choice(free[language]), self._order(), name)
        plain = name.translate(PLAIN).lower() if self.dice.random() < 0.5 else name
        self.planted.append((slip(self.dice, plain, "abcdefghijklmnopqrstuvwxyz"), answer[0]))
        return answer

    def _number(self, free) -> tuple[str, str, str]:
        language, order = self.dice.choice(tuple(free)), self._order()
        answer = self._written(language, self.dice.choice(free[language]), order, self.dice.choice(OTHERS))
        typed = order.strip("#") if self.dice.random() < 0.5 else order.strip("ES-#")
        start, _, digits = typed.rpartition("-")
        wrong = slip(self.dice, digits, "0123456789")
        self.planted.append((f"{start}-{wrong}" if start else wrong, answer[0]))
        return answer

    def _take(self, answers) -> None:
        batch: list[Arrival] = []
        bench = self.bench
        for at, (who, name, text) in enumerate(answers):
            bench.clock.go(minutes=11)
            head = (
                f"From: {SHOP}\r\nTo: Ana {name} <{who}>\r\nSubject: Re\r\nMessage-ID: <q{at}@shop.test>\r\n"
            )
            head += f"Date: {bench.clock.at:%a, %d %b %Y %H:%M:%S +0000}\r\nContent-Type: text/plain; charset=utf-8\r\n"
            raw = f"{head}\r\n{text}\r\n".encode()
            place = Place("mailbox", "Sent", 1, at + 1)
            batch.append(Arrival(place, bench.clock.at, raw, len(raw), role="sent"))
            if len(batch) == 100 or at + 1 == len(answers):
                bench.intake.take(Batch(f"cursor {at}", tuple(batch)))
                batch = []
        bench.clock.at += timedelta(days=1)
