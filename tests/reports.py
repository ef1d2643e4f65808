"""Delivery reports as the servers of the world write them, on a mail and an address of one's choice."""

from collections.abc import Callable

_PARTS = "Content-Type: multipart/report; report-type=delivery-status; boundary=b1\r\nMIME-Version: 1.0\r\n"


def report(
    name: str,
    *failed: tuple[str, str, str],
    action: str = "failed",
    text: str = "It did not work.",
    sender: str = "MAILER-DAEMON@mx.y.test",
    unique: str = "r1",
    date: str = "Mon, 23 Nov 2026 09:20:00 +0000",
) -> bytes:
    """A report by RFC 3464 on the mail `name`; `failed` are (address, status, diagnostic)."""
    rows = "".join(
        f"\r\nFinal-Recipient: rfc822; {address}\r\nAction: {action}\r\nStatus: {status}\r\n"
        + (f"Diagnostic-Code: smtp; {words}\r\n" if words else "")
        for address, status, words in failed
    )
    return (
        f"From: Mail Delivery System <{sender}>\r\nTo: soporte@shop.test\r\nMessage-ID: <{unique}@mx.y.test>\r\n"
        f"Date: {date}\r\nSubject: Undelivered Mail Returned to Sender\r\n"
        f"{_PARTS}\r\n--b1\r\nContent-Type: text/plain\r\n\r\n{text}\r\n\r\n"
        f"--b1\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.y.test\r\n{rows}\r\n"
        f"--b1\r\nContent-Type: text/rfc822-headers\r\n\r\nFrom: soporte@shop.test\r\nMessage-ID: {name}\r\n"
        f"Subject: Re: Pedido\r\n\r\n--b1--\r\n"
    ).encode()


def postfix(name: str, address: str) -> bytes:
    words = f"550 5.1.1 <{address}>: Recipient address rejected: User unknown in virtual mailbox table"
    said = f"<{address}>: host mx.y.test[192.0.2.1] said: {words} (in reply to RCPT TO command)"
    return report(
        name, (address, "5.1.1", words), text=f"This is the mail system at host mx.test.\r\n\r\n{said}"
    )


def gmail(name: str, address: str) -> bytes:
    """Gmail's own: the reason in words and a link, the original's name in the status, its headers in a mail within."""
    domain = address.rpartition("@")[2]
    words = "550-5.1.1 The email account that you tried to reach does not exist. Please try\r\n 550-5.1.1 double-checking the address. 550 5.1.1 https://support.google.test/?p=NoSuchUser - gsmtp"
    return (
        "From: Mail Delivery Subsystem <mailer-daemon@googlemail.com>\r\nTo: soporte@shop.test\r\n"
        f"Subject: Delivery Status Notification (Failure)\r\nMessage-ID: <g1@mail.gmail.com>\r\nReferences: {name}\r\n"
        f"In-Reply-To: {name}\r\nX-Failed-Recipients: {address}\r\nAuto-Submitted: auto-replied\r\n{_PARTS}\r\n"
        "--b1\r\nContent-Type: multipart/related; boundary=b2\r\n\r\n--b2\r\nContent-Type: text/plain; charset=UTF-8\r\n\r\n"
        f"** Address not found **\r\n\r\nYour message wasn't delivered to {address} because the address couldn't be found.\r\n"
        f"\r\n--b2--\r\n\r\n--b1\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; googlemail.com\r\n"
        f"X-Original-Message-ID: {name}\r\n\r\nFinal-Recipient: rfc822; {address}\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        f"Remote-MTA: dns; mx.{domain}\r\nDiagnostic-Code: smtp; {words}\r\nLast-Attempt-Date: Mon, 23 Nov 2026 01:20:00 -0800\r\n"
        f"\r\n--b1\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: {name}\r\nSubject: Re: Pedido\r\n\r\nHola\r\n\r\n--b1--\r\n"
    ).encode()


def exchange(name: str, address: str) -> bytes:
    """Outlook's: a text in HTML and plain, the fields of RFC 3464, the headers of the original alone."""
    words = f"550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient {address} not found by SMTP address lookup"
    return (
        "From: Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@shop.onmicrosoft.test>\r\n"
        f"To: soporte@shop.test\r\nSubject: Undeliverable: Re: Pedido\r\nMessage-ID: <e1@outlook.test>\r\nIn-Reply-To: {name}\r\n"
        f"References: {name}\r\n{_PARTS}\r\n--b1\r\nContent-Type: multipart/alternative; boundary=b2\r\n\r\n"
        "--b2\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\nDelivery has failed to these recipients or groups:\r\n\r\n"
        f"{address}<mailto:{address}>\r\nThe email address you entered couldn't be found.\r\n\r\n--b2\r\nContent-Type: text/html\r\n\r\n"
        f"<p>Delivery has failed to these recipients or groups: <a href='mailto:{address}'>{address}</a></p>\r\n\r\n--b2--\r\n\r\n"
        "--b1\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns;AM0PR01.test\r\n"
        f"Received-From-MTA: dns;VI1PR01.test\r\n\r\nFinal-Recipient: rfc822;{address}\r\nAction: failed\r\nStatus: 5.1.10\r\n"
        f"Diagnostic-Code: smtp;{words}\r\nX-Display-Name: {address}\r\n\r\n"
        f"--b1\r\nContent-Type: message/rfc822\r\n\r\nReceived: from a.test by b.test\r\nMessage-ID: {name}\r\n\r\n\r\n--b1--\r\n"
    ).encode()


def old_exchange(name: str, address: str) -> bytes:
    """Without fields; the recipients of the mail stand there too, and are not those that failed."""
    return (
        "From: System Administrator <postmaster@y.test>\r\nTo: soporte@shop.test\r\nMessage-ID: <o1@y.test>\r\n"
        "Subject: Undeliverable: Re: Pedido\r\nContent-Type: multipart/mixed; boundary=b1\r\n\r\n--b1\r\n"
        f"Content-Type: text/plain\r\n\r\nYour message\r\n\r\n  To:      pep@x.test; {address}\r\n  Subject: Re: Pedido\r\n\r\n"
        f"did not reach the following recipient(s):\r\n\r\n{address} on Mon, 23 Nov 2026 10:20:00 +0100\r\n"
        "    The recipient name is not recognized\r\n\r\n--b1\r\nContent-Type: message/rfc822\r\n\r\n"
        f"Message-ID: {name}\r\nSubject: Re: Pedido\r\n\r\nHola\r\n\r\n--b1--\r\n"
    ).encode()


def qmail(name: str, address: str) -> bytes:
    return (
        "From: MAILER-DAEMON@mx.y.test\r\nTo: soporte@shop.test\r\nSubject: failure notice\r\nMessage-ID: <q1@mx.y.test>\r\n\r\n"
        "Hi. This is the qmail-send program at mx.y.test.\r\nI'm afraid I wasn't able to deliver your message to the following "
        f"addresses.\r\nThis is a permanent error; I've given up. Sorry it didn't work out.\r\n\r\n<{address}>:\r\n"
        "Sorry, no mailbox here by that name. (#5.1.1)\r\n\r\n--- Below this line is a copy of the message.\r\n\r\n"
        f"Return-Path: <soporte@shop.test>\r\nReceived: (qmail 1 invoked)\r\nFrom: soporte@shop.test\r\nMessage-ID: {name}\r\n"
        "To: pep@x.test\r\n\r\nHola\r\n"
    ).encode()


def exim(name: str, address: str) -> bytes:
    return (
        f"X-Failed-Recipients: {address}\r\nAuto-Submitted: auto-replied\r\nFrom: Mail Delivery System <Mailer-Daemon@mx.y.test>\r\n"
        "To: soporte@shop.test\r\nSubject: Mail delivery failed: returning message to sender\r\nMessage-Id: <E1-0001@mx.y.test>\r\n\r\n"
        "This message was created automatically by mail delivery software.\r\n\r\nA message that you sent could not be delivered to "
        f"one or more of its\r\nrecipients. This is a permanent error. The following address(es) failed:\r\n\r\n  {address}\r\n"
        f"    host mx.y.test [192.0.2.1]\r\n    SMTP error from remote mail server after RCPT TO:<{address}>:\r\n"
        "    550 5.1.1 unknown user\r\n\r\n------ This is a copy of the message, including all the headers. ------\r\n\r\n"
        f"Return-path: <soporte@shop.test>\r\nMessage-ID: {name}\r\nTo: pep@x.test\r\nSubject: Re: Pedido\r\n\r\nHola\r\n"
    ).encode()


FORMS: dict[str, Callable[[str, str], bytes]] = {
    "postfix": postfix,
    "gmail": gmail,
    "exchange": exchange,
    "old exchange": old_exchange,
    "qmail": qmail,
    "exim": exim,
}
