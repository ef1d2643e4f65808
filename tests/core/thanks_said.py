"""What people write when a matter is over, labelled by hand: mere thanks, and what only looks like it. In es, ca and en."""

THANKS = (
    "Gracias", "gracias!", "Muchas gracias.", "Mil gracias!!", "¡Muchísimas gracias!", "Gracias Joan", "Gracias, Joan!",
    "Gracias Joan, un saludo", "Muchas gracias por todo.", "Gracias por la ayuda", "Gracias por su atención.",
    "Muchas gracias por la rapidez", "Ok, gracias", "Vale, muchas gracias!", "Perfecto, gracias", "Perfecto. Muchas gracias.",
    "Genial, gracias!", "Genial!", "Perfecto!", "Todo perfecto, gracias", "Recibido, gracias.", "Ya me ha llegado, gracias!",
    "Ya funciona, muchas gracias", "Estupendo, gracias por la respuesta", "Sois geniales, gracias", "Gracias 🙏", "🙏", "👍", "❤️",
    "👍🏽", "Gracias ❤️❤️", "Muchas gracias.\n\nUn saludo,\nPere Vila", "Gracias\nUn saludo", "Gracias por todo, que tengas buen día!",
    "Hola Marta, muchas gracias", "Muy amable, gracias", "Gracias de nuevo", "Gracias otra vez!", "Vale", "ok", "Entendido, gracias",
    "De acuerdo, gracias", "Mil gracias, un abrazo", "Gracias :)", "Muchas gracias, buen fin de semana",
    "Gràcies", "Moltes gràcies!", "Moltes gràcies per tot", "Gràcies Joan", "Merci!", "Merci, Joan", "Mercès", "D'acord, gràcies",
    "Perfecte, gràcies", "Perfecte!", "Moltíssimes gràcies per l'ajuda", "Rebut, gràcies!", "Ja ha arribat, moltes gràcies",
    "Molt amables, gràcies", "Gràcies per la rapidesa", "Gràcies, bon dia!", "Moltes gràcies i bon cap de setmana",
    "Salutacions i gràcies", "Gràcies per la resposta.\nSalutacions,\nMontse", "Genial, moltes gràcies!", "Ja funciona, merci", "Entesos, gràcies",
    "Thanks", "Thank you!", "Thanks a lot", "Many thanks", "Thank you so much!", "Thanks Joan", "Thanks, Joan.", "Thx", "Great, thanks!",
    "Perfect, thank you", "Thank you for your help", "Thanks for the quick reply!", "Got it, thanks", "It works now, thanks!",
    "Thanks again", "Thank you very much, have a nice day!", "Ok thanks", "Many thanks.\n\nBest regards,\nTom Reed", "Thank you 😊",
    "Lovely, thanks", "Obrigado!", "Moitas grazas", "Eskerrik asko", "Merci beaucoup", "Vielen Dank",
)  # fmt: skip

SHORT = (
    "Grac", "grax", "Gracias!!! 😊", "thx!", "ty", "tysm 💕", "Mil gracias 🙌", "👍👍", "🙏🏼🙏🏼", "👌", "Okis", "Okey gracias", "Ok 👍", "Vale 😊",
    "Perf, gracias", "Perf!", "Listo, gracias", "Listo!", "Dale, gracias", "Dale!", "Buenísimo, gracias", "Bárbaro", "Joya, gracias",
    "Órale, gracias", "Va, gracias", "Sale, gracias", "Graciasss", "Graciaaas", "GRACIAS", "Gràciesss", "Merci!!", "Mercii", "Gràcies maca",
    "D'acord 👍", "Fet, gràcies", "Molt bé, gràcies", "Oki doki", "cheers", "Cheers mate", "nice one, thanks", "ta", "Much appreciated", "🫶",
    "😘", "💯", "🥳", "❤", "Excelente servicio, gracias", "Genial 🎉", "De lujo, gracias", "Te pasaste, gracias", "Sois los mejores, gracias",
    "Ets un sol, gràcies", "great stuff, thanks", "appreciate it", "All good, thanks", "Todo ok, gracias", "Tot ok, merci", "Listo 👍", "ok ok",
    "jaja gracias", "😂 gracias",
)  # fmt: skip
"""Of a word or two, as they come in chats. Written as a whole before the law was tried on any: it knew 25 then."""
SHORT_OTHERS = (
    "?", "??", "👎", "🤔", "🙄", "😤", "😕", "😢", "hola?", "Hola", "Y?", "ok?", "vale?", "No", "Si", "Sí", "Mañana", "Cuándo", "precio",
    "Gracias?", "grax pero no", "🖕", "💩", "❌", "⚠️", "📷", "talla M", "2", "ok 2", "ya?", "Aún nada", "Nada", "Roto", "Falta", "Espera", "Ajá",
    "meh", "help", "SOS", "baja", "stop", "Hmm", "Ok pero", "nope", "sigue igual", "thanks for nothing", "gracias x nada", "de nada?", "😠 ok",
    "vale...no", "jaja no", "😂", "ok 😂", "Dale de baja",
)  # fmt: skip
"""Of these it took a bare "Si" for thanks, which may be the answer to what we asked without a mark."""
NOT_THANKS = (
    "gracias por nada", "Gracias por nada.", "gracias, ¿y cuándo llega?", "Gracias, y cuando llega?", "gracias pero no",
    "Gracias, pero no es eso", "ok pues devuélveme el dinero", "Ok, pues devolvedme el dinero", "genial, otra vez roto",
    "Genial. Otra vez roto.", "Genial, otra vez", "Gracias, aún no ha llegado", "Gracias. Todavía espero el reembolso",
    "Gracias por el retraso", "Gracias por hacerme perder el tiempo", "Gracias, mi número es el 612345678", "Gracias, a las 5",
    "Gracias. Cancelen el pedido", "Gracias.\nCancelen", "Gracias, cancelad el pedido", "Gracias, y la factura",
    "Gracias, me falta la factura", "No gracias", "No, gracias", "Muchas gracias pero sigue sin funcionar", "Ya no funciona, gracias",
    "Vale, espero", "Vale, pero rápido", "Ok, mañana llamo", "Ok, quiero la talla M", "Perfecto, entonces lo devuelvo",
    "Perfecto, ¿me mandas la etiqueta?", "Sí, quiero cambiarlo", "Gracias, quedo a la espera", "Gracias, espero noticias",
    "Gracias, ya me diréis algo", "Gracias por avisar, pero tarde", "Gracias. Otra cosa: el color", "Gracias, otra pregunta",
    "Hola", "Buenos días", "Un saludo", "Hola, buenas tardes", "😡", "Gracias 😡", "👎", "🙃", "...", "Bueno", "Gracias a ti no",
    "Qué vergüenza", "De gracias nada", "Gracias. Por cierto, cambiad la dirección", "gracias, calle Mayor 12", "Gracias, en azul",
    "Gracias, mejor el jueves", "Gracias, el rojo", "Gracias, llamadme", "Gracias, urgente", "Gracias, es urgente", "gracias roto",
    "Muchas gracias, ha llegado roto", "Ha llegado roto, gracias", "Ya ha llegado, falta una pieza", "Recibido, es otra talla",
    "Gracias por contestar al fin", "Gracias por el timo", "muchas gracias por estafarme", "Estupendo, ahora me quedo sin regalo",
    "Perfecto, otra semana", "Genial, nadie contesta", "Menos mal, gracias", "Gracias, no", "GRACIAS POR NADA", "Gracias. No",
    "Gracias No", "Gracias, por favor enviadlo", "Gracias https://shop.test/p", "Gracias, pepe@x.test", "Gracias + factura",
    "merci però encara no ha arribat", "Gràcies, però no", "Gràcies per res", "gràcies, i quan arriba?", "Gràcies. Encara espero",
    "Moltes gràcies, però ha arribat trencat", "D'acord, però quan", "Perfecte, doncs el torno", "Genial, una altra vegada trencat",
    "Gràcies, torneu-me els diners", "Gràcies, m'heu enviat un altre", "Ok, doncs vull els diners", "Gràcies, ja no cal",
    "No gràcies", "No, moltes gràcies", "Gràcies, en blau", "Gràcies, el meu telèfon és 972 123 456", "Bon dia", "Hola bona tarda",
    "Gràcies. Una altra cosa", "Gràcies, espero resposta", "Gràcies per perdre el paquet", "Gràcies, falta una peça",
    "Ja no funciona", "Ja ha arribat trencat, gràcies", "D'acord, espero", "Rebut, però falta la factura", "Gràcies, truqueu-me",
    "Moltes gràcies, i la factura", "Merci, mal", "Gràcies i adéu, no torno", "Molt malament, gràcies", "Quina vergonya, gràcies",
    "Gràcies. Cancel·leu-la", "Perfecte, quin desastre", "Genial, ningú no contesta",
    "thanks for nothing", "Thanks for nothing!", "Thanks, but no", "Thanks but it is still broken", "Thanks, when will it arrive?",
    "Thanks, and the invoice", "Ok, then refund me", "Great, broken again", "Great. Just great", "Great, again", "No thanks",
    "No, thank you", "Thank you, waiting for the refund", "Thanks, please call me", "Thanks. Cancel it", "Thanks.\nCancel",
    "Thanks, tomorrow at 5", "Thanks, in blue", "It still does not work, thanks", "It works, but slowly, thanks", "Got it, wrong size",
    "Thank you for wasting my time", "Thanks for the delay", "Hello", "Good morning", "Best regards", "Thanks, one more thing",
    "Thanks, another question", "Perfect, send it back then", "Perfect, so I pay twice", "Yes, please", "Yes, the red one",
    "Ok, I will wait", "Thanks, order 1042", "Thanks, not what I ordered", "Thank you, missing a part", "Wonderful, nobody answers",
    "Thanks, urgent", "thanks refund", "Thank you. Refund", "Thank God", "Thank you, I want my money", "Thanks Cancel",
)  # fmt: skip

ANSWERS = (
    "ok", "Ok!", "Vale", "Sí", "Sí, gracias", "Vale, gracias", "Perfecto", "Perfecto, gracias", "👍", "👍🏼", "🙏", "Genial, gracias", "D'acord",
    "D'acord, gràcies", "Perfecte!", "Perfecte, moltes gràcies", "Yes", "Yes, thanks", "Ok thanks", "Great", "Great, thanks!", "De acuerdo",
    "Ya funciona, gracias", "Ja funciona, gràcies", "It works now, thanks", "Gracias 👍",
)  # fmt: skip
"""Thanks, or an ok, unless our last message asked something."""
