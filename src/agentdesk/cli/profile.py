"""`customer set`, `note`, `mute`: what the shop itself says of a customer."""

from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager

from agentdesk import present
from agentdesk.cli.context import Context
from agentdesk.cli.customer import shown
from agentdesk.cli.desk import looking
from agentdesk.cli.given import gives_text, text_of
from agentdesk.core.keeping import Mute, NoteCustomer, SetProfile
from agentdesk.engine import person
from agentdesk.errors import N_, CustomerRefusedError, NotFoundError, RefusedError, UsageError
from agentdesk.i18n import tr


@contextmanager
def _of_customer() -> Iterator[None]:
    """What is refused is about a person and no ticket; a value that a field cannot have is a mistake of the command."""
    try:
        yield
    except RefusedError as error:
        if error.values["reason"] in {"odd_choice", "odd_field"}:
            raise UsageError(reason=present.refusal(error.values["reason"], error.values)) from None
        raise CustomerRefusedError(**error.values) from None


def set_fields(ctx: Context, args: Namespace) -> None:
    """Prints the customer as it is afterwards."""
    with looking(ctx) as (desk, window):
        customer = window.customer(args.customer)
        with _of_customer():
            event = desk.do(SetProfile(customer, tuple(args.fields)))
        shown(ctx, desk, customer, event.id)


def note(ctx: Context, args: Namespace) -> None:
    if args.remove is not None and (args.instead or gives_text(args)):
        raise UsageError(reason=tr("either a text or --remove"))
    text = "" if args.remove is not None else text_of(args)
    with looking(ctx) as (desk, window):
        customer = window.customer(args.customer)
        known = {each.id for each in person.card(desk, customer).about}
        if (meant := args.remove or args.instead) and meant not in known:
            raise NotFoundError(what=N_("note"), name=meant)
        with _of_customer():
            event = desk.do(NoteCustomer(customer, text, meant))
        shown(ctx, desk, customer, event.id)


def mute(ctx: Context, args: Namespace) -> None:
    _muted(ctx, args, muted=True)


def unmute(ctx: Context, args: Namespace) -> None:
    _muted(ctx, args, muted=False)


def _muted(ctx: Context, args: Namespace, *, muted: bool) -> None:
    with looking(ctx) as (desk, window):
        customer = window.customer(args.customer)
        with _of_customer():
            event = desk.do(Mute(customer, muted))
        shown(ctx, desk, customer, event.id)
