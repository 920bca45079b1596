"""The one error of this package."""


class BadValue(ValueError):
    """A value that cannot be read. `message_id` is English and is translated where it is shown."""

    def __init__(self, message_id, **params):
        self.message_id = message_id
        self.params = params
        super().__init__(message_id % params if params else message_id)


def shown(value, limit=40):
    """A value short enough to stand in a message."""
    text = str(value).replace("\n", " ").strip()
    return text if len(text) <= limit else text[:limit - 1] + "…"
