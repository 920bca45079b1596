"""When something happened, only as precisely as it is known: by the server's clock, or to the second, minute or day that a book gives."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

SERVER, SECOND, MINUTE, DAY = "server", "second", "minute", "day"
SPANS = {SERVER: timedelta(0), SECOND: timedelta(seconds=1), MINUTE: timedelta(minutes=1), DAY: timedelta(days=1)}
SHOWN = {SERVER: "%Y-%m-%d %H:%M:%S", SECOND: "%Y-%m-%d %H:%M:%S", MINUTE: "%Y-%m-%d %H:%M", DAY: "%Y-%m-%d"}


def aware(when):
    """A moment of the dealer's clock; a bare day begins at midnight."""
    if isinstance(when, date) and not isinstance(when, datetime):
        when = datetime.combine(when, time())
    return timezone.make_aware(when) if timezone.is_naive(when) else when


def known_of(when, known=SERVER):
    """How precisely: a bare day is known to the day."""
    return DAY if isinstance(when, date) and not isinstance(when, datetime) else known


def span(when, known):
    """(first, last) moment that it may have been."""
    start = timezone.localtime(aware(when))
    if known == DAY:
        start = start.replace(hour=0, minute=0, second=0, microsecond=0)
    elif known == MINUTE:
        start = start.replace(second=0, microsecond=0)
    elif known == SECOND:
        start = start.replace(microsecond=0)
    return start, start + SPANS[known]


def first(a, b):
    """'a' or 'b', each (when, known), where one was surely first; '' where the two may have been the other way round."""
    (a_from, a_to), (b_from, b_to) = span(*a), span(*b)
    if a_from == b_from and a_to == b_to:
        return ""
    if a_to <= b_from:
        return "a"
    return "b" if b_to <= a_from else ""


def stamp(when, known):
    """As it is shown: no more of it than is known."""
    return timezone.localtime(aware(when)).strftime(SHOWN[known])


def gap(a, b):
    """How far apart, to the coarser of the two."""
    days = abs((timezone.localtime(aware(a[0])).date() - timezone.localtime(aware(b[0])).date()).days)
    if DAY in (a[1], b[1]):
        return _("%(n)s days") % {"n": days}
    apart = abs(aware(a[0]) - aware(b[0]))
    minutes = int(apart.total_seconds() // 60)
    if minutes >= 1440:
        return _("%(d)s d %(h)s h") % {"d": minutes // 1440, "h": minutes % 1440 // 60}
    if minutes == 0 and MINUTE not in (a[1], b[1]):
        return _("%(s)s s") % {"s": int(apart.total_seconds())}
    return _("%(h)s h %(m)s min") % {"h": minutes // 60, "m": minutes % 60}
