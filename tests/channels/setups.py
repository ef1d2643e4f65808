"""The mail of shops in Spain as it is found: names, files and first words of servers in the form that providers publish them.

Addresses, names of customers' domains and numbers in greetings are made up.
"""

from dataclasses import dataclass

from servers.internet import HUNG, Mail, World

ISPDB = "https://autoconfig.thunderbird.net/v1.1"
PATH = "mail/config-v1.1.xml"


@dataclass(frozen=True)
class Expected:
    """What the first setup is to be."""

    source: str
    imap: str
    smtp: str
    ways: str = "password"
    provider: str = ""


def config(imap: str, smtp: str, *, user: str = "%EMAILADDRESS%", auth: str = "password-cleartext") -> str:
    """A file as Mozilla's list and hosters serve it; servers are "host:port SSL|STARTTLS"."""

    def server(kind: str, protocol: str, place: str) -> str:
        where, socket = place.split()
        host, port = where.split(":")
        ways = "".join(f"<authentication>{each}</authentication>" for each in auth.split())
        return (
            f'<{kind} type="{protocol}"><hostname>{host}</hostname><port>{port}</port>'
            f"<socketType>{socket}</socketType>{ways}<username>{user}</username></{kind}>"
        )

    host = imap.partition(":")[0]
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<clientConfig version="1.1">
  <emailProvider id="{host}">
    <domain>{host}</domain>
    <displayName>Correo</displayName>
    {server("incomingServer", "pop3", f"{host}:995 SSL")}
    {server("incomingServer", "imap", imap)}
    {server("outgoingServer", "smtp", smtp)}
    <documentation url="https://{host}/ayuda"><descr lang="es">C&#243;mo configurar &amp; usar</descr></documentation>
  </emailProvider>
</clientConfig>
"""


GMAIL_IMAP = Mail(
    "IMAP4rev1 UNSELECT IDLE NAMESPACE QUOTA ID XLIST CHILDREN X-GM-EXT-1 XYZZY SASL-IR AUTH=XOAUTH2 AUTH=PLAIN"
    " AUTH=PLAIN-CLIENTTOKEN AUTH=OAUTHBEARER",
    "* OK Gimap ready for requests from 203.0.113.7 a1mb12345678wrb",
)
GMAIL_SMTP = Mail(
    "SIZE 36700160|8BITMIME|AUTH LOGIN PLAIN XOAUTH2 PLAIN-CLIENTTOKEN OAUTHBEARER XOAUTH|ENHANCEDSTATUSCODES|PIPELINING|SMTPUTF8",
    "220 smtp.gmail.com ESMTP 5b1f17b1804b1-4712 - gsmtp",
)
GMAIL = {"imap.gmail.com:993": GMAIL_IMAP, "smtp.gmail.com:465": GMAIL_SMTP}
GMAIL_FILE = config("imap.gmail.com:993 SSL", "smtp.gmail.com:465 SSL", auth="OAuth2 password-cleartext")
GOOGLE_MX = ["1 aspmx.l.google.com", "5 alt1.aspmx.l.google.com", "10 alt3.aspmx.l.google.com"]

M365_IMAP = Mail(
    "IMAP4 IMAP4rev1 AUTH=PLAIN AUTH=XOAUTH2 SASL-IR UIDPLUS ID UNSELECT CHILDREN IDLE NAMESPACE LITERAL+",
    "* OK The Microsoft Exchange IMAP4 service is ready. [TQBBADkAUAAxADkAMAAuAEUAVQBSAA==]",
)
M365_SMTP = Mail(
    "SIZE 157286400|PIPELINING|DSN|ENHANCEDSTATUSCODES|AUTH LOGIN XOAUTH2|8BITMIME|BINARYMIME|CHUNKING|SMTPUTF8",
    "220 MA9P190CA0001.outlook.office365.com Microsoft ESMTP MAIL Service ready at Sun, 29 Nov 2026 09:00:00 +0000",
    before="SIZE 157286400|PIPELINING|DSN|ENHANCEDSTATUSCODES|STARTTLS|8BITMIME|BINARYMIME|CHUNKING|SMTPUTF8",
)
M365 = {"outlook.office365.com:993": M365_IMAP, "smtp.office365.com:587": M365_SMTP}

DOVECOT = Mail(
    "IMAP4rev1 SASL-IR LOGIN-REFERRALS ID ENABLE IDLE LITERAL+ AUTH=PLAIN AUTH=LOGIN", "* OK Dovecot ready."
)
DOVECOT_143 = Mail(
    DOVECOT.offers,
    "* OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] Dovecot (Debian) ready.",
    before="IMAP4rev1 SASL-IR LOGIN-REFERRALS ID ENABLE IDLE LITERAL+ STARTTLS LOGINDISABLED",
)
POSTFIX = Mail(
    "PIPELINING|SIZE 52428800|AUTH PLAIN LOGIN|ENHANCEDSTATUSCODES|8BITMIME|DSN", "220 mail ESMTP Postfix"
)
POSTFIX_587 = Mail(POSTFIX.offers, POSTFIX.greeting, before="PIPELINING|SIZE 52428800|STARTTLS|8BITMIME|DSN")
EXIM = Mail(
    "SIZE 52428800|8BITMIME|PIPELINING|AUTH PLAIN LOGIN|HELP",
    "220-cp21.hoster.test ESMTP Exim 4.98\r\n220 ready",
)


SHOPS: dict[str, tuple[World, Expected]] = {
    "gmail": (
        World(
            "la.botiga@gmail.com",
            mx={"gmail.com": ["5 gmail-smtp-in.l.google.com", "10 alt1.gmail-smtp-in.l.google.com"]},
            srv={"_imaps._tcp.gmail.com": ["5 0 993 imap.gmail.com"]},
            files={f"{ISPDB}/gmail.com": GMAIL_FILE},
            servers=dict(GMAIL),
        ),
        Expected(
            "ispdb",
            "imaps://la.botiga%40gmail.com@imap.gmail.com:993",
            "smtps://la.botiga%40gmail.com@smtp.gmail.com:465",
            "password xoauth2",
            "google",
        ),
    ),
    "google workspace with a domain of its own": (
        World(
            "hola@vinsimes.cat", mx={"vinsimes.cat": GOOGLE_MX}, servers=dict(GMAIL), hosts=("vinsimes.cat",)
        ),
        Expected(
            "mx",
            "imaps://hola%40vinsimes.cat@imap.gmail.com:993",
            "smtps://hola%40vinsimes.cat@smtp.gmail.com:465",
            "password xoauth2",
            "google",
        ),
    ),
    "microsoft 365 with a domain of its own": (
        World(
            "info@ferreteriasol.es",
            mx={"ferreteriasol.es": ["0 ferreteriasol-es.mail.protection.outlook.com"]},
            servers=dict(M365),
        ),
        Expected(
            "mx",
            "imaps://info%40ferreteriasol.es@outlook.office365.com:993",
            "smtp://info%40ferreteriasol.es@smtp.office365.com:587",
            "xoauth2",
            "microsoft",
        ),
    ),
    "outlook.com": (
        World(
            "zapatos.luz@outlook.es",
            mx={"outlook.es": ["5 outlook-es.olc.protection.outlook.com"]},
            files={
                f"{ISPDB}/outlook.es": config(
                    "outlook.office365.com:993 SSL", "smtp-mail.outlook.com:587 STARTTLS", auth="OAuth2"
                )
            },
            servers={"outlook.office365.com:993": M365_IMAP, "smtp-mail.outlook.com:587": M365_SMTP},
        ),
        Expected(
            "ispdb",
            "imaps://zapatos.luz%40outlook.es@outlook.office365.com:993",
            "smtp://zapatos.luz%40outlook.es@smtp-mail.outlook.com:587",
            "xoauth2",
            "microsoft",
        ),
    ),
    "ionos": (
        World(
            "pedidos@aceitesur.es",
            mx={"aceitesur.es": ["10 mx00.ionos.es", "10 mx01.ionos.es"]},
            files={
                "https://aceitesur.es/.well-known/autoconfig/"
                + PATH: "<!doctype html><title>Tienda</title><p>404"
            },
            servers={
                "imap.ionos.es:993": Mail(
                    "IMAP4rev1 CHILDREN ENABLE ID IDLE LIST-EXTENDED LITERAL- MOVE NAMESPACE SASL-IR SORT AUTH=LOGIN AUTH=PLAIN",
                    "* OK [CAPABILITY IMAP4rev1 ID SASL-IR AUTH=LOGIN AUTH=PLAIN] IMAP server ready H mieue009 12345",
                ),
                "smtp.ionos.es:465": Mail(
                    "8BITMIME|SIZE 141557760|AUTH LOGIN PLAIN", "220 kundenserver.de (mreue010) Nemesis ESMTP"
                ),
            },
        ),
        Expected(
            "guess",
            "imaps://pedidos%40aceitesur.es@imap.ionos.es:993",
            "smtps://pedidos%40aceitesur.es@smtp.ionos.es:465",
        ),
    ),
    "ovh": (
        World(
            "contacto@libreriamar.es",
            mx={"libreriamar.es": ["1 mx1.mail.ovh.net", "5 mx2.mail.ovh.net", "100 mx3.mail.ovh.net"]},
            files={f"{ISPDB}/ovh.net": config("ssl0.ovh.net:993 SSL", "ssl0.ovh.net:465 SSL")},
            servers={"ssl0.ovh.net:993": DOVECOT, "ssl0.ovh.net:465": POSTFIX},
        ),
        Expected(
            "mx",
            "imaps://contacto%40libreriamar.es@ssl0.ovh.net:993",
            "smtps://contacto%40libreriamar.es@ssl0.ovh.net:465",
        ),
    ),
    "dinahosting": (
        World(
            "ventas@telasgalegas.gal",
            mx={"telasgalegas.gal": ["10 mail.telasgalegas.gal"]},
            files={
                f"http://autoconfig.telasgalegas.gal/{PATH}": config(
                    "telasgalegas-gal.correoseguro.dinaserver.com:993 SSL",
                    "telasgalegas-gal.correoseguro.dinaserver.com:465 SSL",
                )
            },
            servers={
                "telasgalegas-gal.correoseguro.dinaserver.com:993": DOVECOT,
                "telasgalegas-gal.correoseguro.dinaserver.com:465": POSTFIX,
                # The name in the domain leads there too, but the certificate is the hoster's.
                "mail.telasgalegas.gal:993": Mail(DOVECOT.offers, name="correoseguro.dinaserver.com"),
                "mail.telasgalegas.gal:465": Mail(POSTFIX.offers, name="correoseguro.dinaserver.com"),
            },
        ),
        Expected(
            "plain",
            "imaps://ventas%40telasgalegas.gal@telasgalegas-gal.correoseguro.dinaserver.com:993",
            "smtps://ventas%40telasgalegas.gal@telasgalegas-gal.correoseguro.dinaserver.com:465",
        ),
    ),
    "a hoster with cPanel": (
        World(
            "tienda@quesosnorte.com",
            mx={"quesosnorte.com": ["0 quesosnorte.com"]},
            srv={"_autodiscover._tcp.quesosnorte.com": ["0 0 443 cpanelemaildiscovery.cpanel.net"]},
            files={
                f"https://autoconfig.quesosnorte.com/{PATH}": config(
                    "mail.quesosnorte.com:993 SSL", "mail.quesosnorte.com:465 SSL"
                )
            },
            servers={"mail.quesosnorte.com:993": DOVECOT, "mail.quesosnorte.com:465": EXIM},
            hosts=("quesosnorte.com",),
        ),
        Expected(
            "autoconfig",
            "imaps://tienda%40quesosnorte.com@mail.quesosnorte.com:993",
            "smtps://tienda%40quesosnorte.com@mail.quesosnorte.com:465",
        ),
    ),
    "a Dovecot of one's own with nothing but SRV": (
        World(
            "soporte@taller.coop",
            mx={"taller.coop": ["10 correu.taller.coop"]},
            srv={
                "_imaps._tcp.taller.coop": ["0 1 993 correu.taller.coop"],
                "_imap._tcp.taller.coop": ["0 0 0 "],  # there is none, RFC 6186 says it so
                "_submission._tcp.taller.coop": ["0 1 587 correu.taller.coop"],
            },
            servers={
                "correu.taller.coop:993": DOVECOT,
                "correu.taller.coop:143": DOVECOT_143,
                "correu.taller.coop:587": POSTFIX_587,
            },
        ),
        Expected(
            "srv",
            "imaps://soporte%40taller.coop@correu.taller.coop:993",
            "smtp://soporte%40taller.coop@correu.taller.coop:587",
        ),
    ),
    "movistar": (
        World(
            "floristeria@movistar.es",
            mx={"movistar.es": ["10 mx.movistar.es"]},
            files={
                f"{ISPDB}/movistar.es": config(
                    "imap.movistar.es:993 SSL", "smtp.movistar.es:587 STARTTLS", user="%EMAILLOCALPART%"
                )
            },
            servers={"imap.movistar.es:993": DOVECOT, "smtp.movistar.es:587": POSTFIX_587},
        ),
        Expected(
            "ispdb", "imaps://floristeria@imap.movistar.es:993", "smtp://floristeria@smtp.movistar.es:587"
        ),
    ),
    "an old server that only guessing finds": (
        World(
            "taller@relojesruiz.es",
            mx={"relojesruiz.es": ["10 mail.relojesruiz.es"]},
            servers={"mail.relojesruiz.es:143": DOVECOT_143, "mail.relojesruiz.es:587": POSTFIX_587},
            hosts=("relojesruiz.es", "imap.relojesruiz.es"),
        ),
        Expected(
            "guess",
            "imap://taller%40relojesruiz.es@mail.relojesruiz.es:143",
            "smtp://taller%40relojesruiz.es@mail.relojesruiz.es:587",
        ),
    ),
    "a hoster of which half hangs": (
        World(
            "hola@mielserrana.es",
            mx={"mielserrana.es": ["10 mx.hosterlento.test"]},
            files={
                f"https://autoconfig.mielserrana.es/{PATH}": HUNG,
                f"{ISPDB}/hosterlento.test": config(
                    "imap.hosterlento.test:993 SSL", "smtp.hosterlento.test:465 SSL"
                ),
            },
            servers={
                "imap.hosterlento.test:993": DOVECOT,
                "smtp.hosterlento.test:465": POSTFIX,
                "mail.mielserrana.es:993": HUNG,
            },
            silent=("mail.mielserrana.es",),
        ),
        Expected(
            "mx",
            "imaps://hola%40mielserrana.es@imap.hosterlento.test:993",
            "smtps://hola%40mielserrana.es@smtp.hosterlento.test:465",
        ),
    ),
}
