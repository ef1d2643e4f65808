"""What the shop knows of a customer, by keys and in the customer's pane."""

from tui.driver import HUGE, WIDE, plays


@plays
async def test_fields_and_notes_are_written_down_by_keys_and_stand_beside_the_ticket(shop):
    async with shop.console(HUGE) as at:
        await at.goes_to(1)
        await at.do("customer.edit")
        await at.sees("What do you know of Maria Puig?", "company", "form of address", "another field ...")
        await at.type("comp")
        await at.press("enter")
        await at.answer("Can Puig")
        await at.sees("company: Can Puig")
        await at.do("customer.note")
        await at.sees("What should be known about Maria Puig?")
        await at.answer("Paga a 30 dies")
        await at.sees("about the customer", "Paga a 30 dies")
        await at.do("act.undo")
        await at.loses("Paga a 30 dies")


@plays
async def test_end_and_home_go_to_the_ends_of_a_list_until_something_is_typed(shop):
    async with shop.console(WIDE) as at:
        await at.goes_to(1)
        await at.do("customer.edit")
        await at.sees("another field ...")
        await at.press("end", "enter")
        await at.sees("What is the field called?")
        await at.press("escape")
        await at.do("customer.edit")
        await at.sees("another field ...")
        await at.press("end", "home", "pagedown", "pageup", "enter")
        await at.answer("Maria P.")
        await at.sees("name: Maria P.")
        await at.do("customer.edit")
        await at.sees("another field ...")
        await at.type("omp")
        await at.press("home")
        await at.type("c")
        await at.press("end", "enter")
        await at.answer("Can Puig")
        await at.sees("company: Can Puig")


@plays
async def test_a_customer_is_muted_by_a_key_after_a_question_and_heard_again_by_the_same(shop):
    async with shop.console(WIDE) as at:
        await at.goes_to(1)
        await at.do("customer.mute")
        await at.sees("Mute Maria Puig?", "What they write is kept")
        await at.press("enter")
        await at.sees("Maria Puig is muted.", "muted 1")
        await at.do("go.muted", "customer.mute")
        await at.sees("Maria Puig is heard again")
        await at.loses("muted 1")
