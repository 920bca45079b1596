"""Taking an entry of a picker as a person does: a list that loads anew or closes under the pointer is opened once more."""

import re

from playwright.sync_api import TimeoutError as TookTooLong

TRIES = 5


def choose(page, field, text):
    """Open the picker of the field with this id and take the entry that reads so, or else one that bears the text; it is typed only where
    the list does not show it."""
    control = page.locator(f".ts-wrapper:has(#{field}-ts-control) .ts-control").first
    options = page.locator(f"#{field}-ts-dropdown .option")
    exact, like = options.filter(has_text=re.compile(rf"^\s*{re.escape(text)}\s*$")), options.filter(has_text=text)
    for left in reversed(range(TRIES)):
        try:
            if not options.first.is_visible():
                control.click(timeout=2000)
            options.first.wait_for(timeout=3000)
            if not like.count():
                page.keyboard.type(text)
            like.first.wait_for(timeout=3000)
            (exact if exact.count() else like).first.click(timeout=2000)
            return
        except TookTooLong:
            if not left:
                raise
