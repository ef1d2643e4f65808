"""What customers type in chats: short, in a hurry and without accents; and what is truly another language than the shop's."""

CHATS = {
    "es": """Tambien os escribo por SMS, contestad por favor
    hola donde esta mi pedido
    buenas, cuando llega?
    aun no me ha llegado nada
    todavia no lo tengo
    me podeis decir algo?
    no funciona el codigo
    quiero devolver los zapatos
    se puede cambiar la talla
    gracias por contestar
    vale, espero noticias vuestras
    necesito factura por favor
    me llego roto
    cuanto cuesta el envio a Mallorca
    os he mandado una foto
    que tengo que hacer ahora
    hay alguien ahi?
    ya he pagado dos veces
    el paquete esta abierto
    perdon, me equivoque de direccion
    puedo recogerlo en tienda?
    sigo esperando respuesta
    mi numero de pedido es el 4512
    esto es una verguenza
    a que hora abris
    teneis esta camiseta en azul
    no me cobreis otra vez
    como puedo hacer una devolucion""",
    "ca": """hola on es la meva comanda
    bones, quan arriba?
    encara no he rebut res
    em podeu dir alguna cosa?
    no funciona el codi
    vull tornar les sabates
    es pot canviar la talla
    gracies per contestar
    d'acord, espero noticies vostres
    necessito factura sisplau
    m'ha arribat trencat
    quant costa l'enviament a Mallorca
    us he enviat una foto
    que he de fer ara
    hi ha algu?
    ja he pagat dues vegades
    el paquet esta obert
    perdo, em vaig equivocar d'adreca
    puc recollir-lo a la botiga?
    segueixo esperant resposta
    tambe us escric per SMS
    aixo es una vergonya
    a quina hora obriu
    teniu aquesta samarreta en blau
    ho he provat i no va""",
    "en": """where is my order
    when does it arrive
    still not here
    can you tell me something please
    the code does not work
    i want to return the shoes
    can i change the size
    thanks for answering
    ok i will wait for news
    i need an invoice
    it came broken
    how much is shipping to Mallorca
    i sent you a photo
    what do i have to do now
    is anybody there?
    i have paid twice
    the parcel was open
    sorry, wrong address""",
}
ELSEWHERE = {
    "pt": """Ola, ainda nao recebi a minha encomenda
    quando chega o meu pedido? obrigada
    bom dia, o codigo nao funciona
    eu quero devolver os sapatos
    voce pode me ajudar por favor
    ja paguei duas vezes
    onde esta a minha encomenda""",
    "fr": """bonjour ou est ma commande
    je n'ai toujours rien recu
    merci de me repondre
    je voudrais changer la taille
    le colis est arrive casse
    quand est-ce que ca arrive""",
    "it": """ciao dov'e il mio ordine
    non ho ancora ricevuto niente
    vorrei cambiare la taglia
    il pacco e arrivato rotto
    quando arriva? grazie mille""",
    "de": """wo ist meine Bestellung
    ich habe noch nichts bekommen
    danke, wann kommt das Paket""",
}


def sentences(told: dict[str, str]) -> list[tuple[str, str]]:
    """Each with its language."""
    return [(line.strip(), code) for code, lines in told.items() for line in lines.splitlines()]
