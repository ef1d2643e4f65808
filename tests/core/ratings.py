"""Answers to a survey, labelled by hand: language, what the customer wrote, and the rating, None where it is none."""

LABELLED = (
    # Digits, alone and dressed up.
    ("es", "5", 5), ("es", "1", 1), ("es", " 3 ", 3), ("es", "4.", 4), ("es", "5!!", 5), ("es", "5️⃣", 5), ("ca", "4/5", 4),
    ("es", "5 / 5", 5), ("es", "3 de 5", 3), ("en", "4 out of 5", 4), ("es", "4 sobre 5", 4), ("es", "un 5", 5), ("ca", "Un 4", 4),
    ("es", "5 estrellas", 5), ("ca", "3 estrelles", 3), ("en", "2 stars", 2), ("es", "1 estrella", 1), ("en", "a 5", 5),
    ("es", "Os doy un 5", 5), ("ca", "Us poso un 4", 4), ("en", "I'd give it a 3", 3), ("es", "Mi nota es un 4", 4),
    ("es", "Puntuación: 5", 5), ("en", "My rating: 4", 4), ("ca", "Puntuació: 2", 2), ("es", "cinco", 5), ("ca", "quatre", 4),
    ("en", "five", 5), ("en", "Three", 3), ("es", "cinco estrellas", 5), ("ca", "cinc", 5), ("es", "Hola, un 5", 5),
    ("es", "Muchas gracias! Un 5", 5), ("en", "Hi, 4. Thanks", 4), ("en", "Thanks! 5", 5),
    # With a comment.
    ("es", "5, muy amables", 5), ("es", "5 muy amables", 5), ("ca", "5 molt atents", 5), ("en", "5 very helpful", 5),
    ("es", "4 gracias", 4), ("ca", "5, gràcies per tot", 5), ("en", "5 - quick and kind", 5), ("es", "2, tardasteis mucho", 2),
    ("es", "1\nNadie me contestó en dos semanas", 1), ("es", "5\n\nMaria Puig\nTel. 612 345 678", 5),
    ("es", "5, llegó en 2 días", 5), ("en", "1, nobody answered for 3 weeks", 1), ("es", "5 😊", 5), ("es", "5 :)", 5),
    ("es", "1 😡", 1), ("ca", "4, tot i que vau trigar", 4), ("es", "5! Sois los mejores", 5),
    # Stars and thumbs.
    ("es", "★★★★", 4), ("ca", "★★★★☆", 4), ("en", "⭐⭐⭐⭐⭐", 5), ("es", "⭐", 1), ("es", "👍", 5), ("es", "👍🏽", 5), ("en", "👎", 1),
    ("ca", "👎🏿", 1), ("es", "👍👍👍", 5), ("es", "👍 gracias", 5), ("en", "👎 too slow", 1), ("es", "👍 muy bien", 5),
    # Words.
    ("es", "Excelente", 5), ("es", "excelente!", 5), ("ca", "Excel·lent", 5), ("ca", "excel.lent", 5), ("en", "Excellent", 5),
    ("es", "Muy bien", 5), ("es", "muy bien, gracias", 5), ("ca", "Molt bé", 5), ("ca", "molt be, gràcies", 5), ("en", "Very good", 5),
    ("es", "Bien", 4), ("ca", "bé", 4), ("ca", "Be.", 4), ("en", "Good", 4), ("en", "Great!", 5), ("es", "regular", 3), ("ca", "Regular", 3),
    ("es", "Normal", 3), ("en", "ok", 3), ("en", "OK.", 3), ("es", "mal", 2), ("ca", "malament", 2), ("en", "bad", 2), ("es", "Muy mal", 1),
    ("ca", "molt malament", 1), ("es", "FATAL", 1), ("ca", "fatal", 1), ("en", "awful", 1), ("es", "pésimo", 1), ("ca", "pèssim", 1),
    ("en", "terrible, nobody cared", 1), ("es", "Genial", 5), ("es", "Perfecto, gracias", 5), ("ca", "Perfecte", 5), ("en", "Perfect", 5),
    ("es", "Excelente, muy rápidos", 5), ("es", "mal, tardasteis mucho", 2), ("es", "Bien, gracias por todo", 4), ("en", "Horrible.", 1),
    # Numbers of something else.
    ("es", "10 pedidos", None), ("es", "10", None), ("es", "5 de mayo", None), ("es", "2 camisetas llegaron rotas", None),
    ("es", "0", None), ("es", "6", None), ("es", "4,5", None), ("es", "4.5", None), ("es", "5.000", None), ("es", "5€", None),
    ("es", "5 euros", None), ("es", "5 %", None), ("es", "5:30", None), ("es", "5/10", None), ("es", "10/10", None), ("es", "3/4", None),
    ("es", "3/5/2026", None), ("es", "1-2 semanas", None), ("es", "2 - 3 días", None), ("es", "talla 5", None), ("es", "#5", None),
    ("es", "nº 5", None), ("es", "5º B", None), ("es", "Calle Mayor 5", None), ("es", "2 unidades", None), ("ca", "3 comandes", None),
    ("en", "2 shirts", None), ("en", "5 minutes", None), ("es", "3 veces", None), ("es", "5 días esperando", None), ("es", "12345", None),
    ("es", "2, por favor", None), ("es", "2, talla M", None), ("es", "2\ntalla M", None), ("es", "1. La camiseta\n2. El pantalón", None),
    ("es", "1. No ha llegado el pedido", None), ("es", "3, 4 y 5", None), ("es", "5 o 4", None), ("es", "4-5", None), ("es", "05", None),
    ("en", "4th of May", None), ("en", "1 more thing", None), ("es", "5mayo", None), ("es", "dos camisetas", None), ("ca", "tres dies", None),
    ("en", "one moment", None), ("es", "5, bueno, mejor un 3", None), ("es", "+5", None), ("es", "-1", None), ("es", "10%", None), ("es", "4. Gracias por la ayuda", 4), ("ca", "2 capses", None), ("es", "5, pero no sois rápidos", 5),
    ("es", "1 pregunta", None), ("es", "Genial, os mando las fotos", None), ("es", "Bueno, dime", None), ("en", "Great, see you then on Friday", None),
    ("es", "Perfecto, entonces espero el paquete mañana", None), ("es", "bien\n\nMaría", 4), ("es", "casi un 5", None),
    ("es", "1, una pregunta", None), ("en", "2 days late", None), ("es", "3 :(", 3), ("ca", "5 coses", None),
    # Questions, doubts, contradictions.
    ("es", "¿5?", None), ("es", "5?", None), ("es", "5, ¿cuándo llega mi pedido?", None), ("en", "good?", None), ("es", "no sé", None),
    ("ca", "no ho sé", None), ("en", "no idea", None), ("es", "👍 pero fatal", None), ("es", "5 👎", None), ("es", "1 😊", None),
    ("es", "👍👎", None), ("en", "bad, no, excellent", None), ("es", "5, fatal", None), ("es", "5 😡", None), ("ca", "1, molt bé", None),
    ("es", "★★★ ★★★", None), ("es", "★★☆", None), ("es", "no está mal", None), ("es", "nada mal", None), ("es", "no muy bien", None),
    ("en", "not good", None), ("en", "not bad", None), ("ca", "no gaire bé", None), ("es", "todo bien", None),
    # Messages that only begin like a rating.
    ("es", "Bien el producto pero la entrega fatal", None), ("es", "muy mal servicio", None), ("es", "Bien hecho", None),
    ("en", "good morning", None), ("en", "Great idea to ask", None), ("es", "mal pedido", None), ("es", "buenas", None), ("es", "ok", None),
    ("ca", "ok, gràcies", None), ("es", "vale", None), ("es", "gracias", None), ("en", "thanks", None), ("es", "😊", None), ("es", "❤️", None),
    ("es", "Sigue sin llegar", None), ("es", "BAJA", None), ("es", "", None), ("es", "regular la talla por favor", None),
    ("en", "regular size please", None), ("es", "😡😡😡", None), ("es", "a", None), ("es", "un", None), ("es", "...", None),
    ("en", "bad gateway when I pay", None), ("es", "pedido 5", None), ("ca", "be careful", None), ("es", "5 " + "x" * 2000, None),
)  # fmt: skip
