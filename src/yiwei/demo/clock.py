"""Working in the past: while the demonstration's year is made, Django's clock tells the day of the story."""

from contextlib import contextmanager
from datetime import UTC, datetime

from django.utils import timezone


@contextmanager
def past():
    """Within the block `timezone.now()` tells what `set(moment)` said last. Yields `set`."""
    told = {"now": datetime.now(UTC)}

    class Told(datetime):
        @classmethod
        def now(cls, tz=None):
            return told["now"].astimezone(tz) if tz else told["now"].replace(tzinfo=None)

    def set_(moment):
        told["now"] = moment

    before, timezone.datetime = timezone.datetime, Told
    try:
        yield set_
    finally:
        timezone.datetime = before
