"""What a message says but no book may keep, such as a code: the text has a place for it, filled in only as it leaves."""

SEALED = {}


def sealed(template):
    """Messages of this template get `{code}` from `fn(message)` as they leave; they are urgent, and leave at night too."""
    def register(fn):
        SEALED[template] = fn
        return fn
    return register


def text_of(row):
    """The text of a message as it leaves."""
    return row.text.replace("{code}", SEALED[row.template](row)) if row.template in SEALED else row.text
