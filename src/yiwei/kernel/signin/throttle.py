"""Guessing is slowed down, by the name that is tried and by the address that tries; nobody is locked out.

After some failures each further one doubles the wait. Names count whether or not there is such a sign-in, so that the answers tell
nothing. A device from which somebody has come in before has a count of its own: what others try with his name does not hold him up.
"""

import hashlib
import secrets
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.db import connection, models
from django.utils import timezone
from django.utils.translation import gettext as _

NAME, ADDRESS, DEVICE, STEP, HERE = "name", "address", "device", "step", "here"
FREE = {ADDRESS: 20}      # failures without a wait; five unless said
LONGEST = {DEVICE: 60}    # seconds; a quarter of an hour unless said
FORGET = timedelta(hours=1)
COOKIE, SALT, KEPT, NAMES = "yiwei_device", "yiwei.device", 180 * 24 * 3600, 10


class SignInTry(models.Model):
    """How often somebody has failed under a key, and until when he waits. Keys are hashed: people type passwords into the wrong field."""

    key = models.CharField(max_length=64, primary_key=True)
    failures = models.PositiveIntegerField(default=0)
    until = models.DateTimeField()
    at = models.DateTimeField()

    class Meta:
        app_label = "kernel"
        indexes = [models.Index(fields=["at"], name="kernel_signintry_at")]


def _digest(kind, what):
    return hashlib.sha256(f"{settings.SECRET_KEY}:{kind}:{what}".encode(errors="replace")).hexdigest()


def wait(keys):
    """Seconds until somebody may try again under all these keys [(kind, what)]."""
    last = SignInTry.objects.filter(key__in=[_digest(*k) for k in keys]).aggregate(u=models.Max("until"))["u"]
    return max(0, -int((timezone.now() - last).total_seconds() // 1)) if last else 0


def failed(keys):
    """Count a failure under each key; from a number on each doubles the wait."""
    with connection.cursor() as cursor:
        for kind, what in sorted(keys):
            cursor.execute(
                "insert into kernel_signintry as t (key, failures, until, at) values (%(key)s, 1, clock_timestamp(), clock_timestamp())"
                " on conflict (key) do update set at = excluded.at, failures = case when t.at < excluded.at - %(forget)s then 1"
                " else t.failures + 1 end, until = excluded.at + make_interval(secs => case"
                " when t.at < excluded.at - %(forget)s or t.failures + 1 < %(free)s then 0"
                " else least(%(longest)s, power(2, least(20, t.failures + 2 - %(free)s))) end)",
                {"key": _digest(kind, what), "forget": FORGET, "free": FREE.get(kind, 5), "longest": LONGEST.get(kind, 900)})


def forget(keys):
    """Whoever has come in starts anew."""
    SignInTry.objects.filter(key__in=[_digest(*k) for k in keys]).delete()


def sweep():
    """Old tries are of no use."""
    SignInTry.objects.filter(at__lt=timezone.now() - 2 * FORGET).delete()


def told(seconds):
    """How long to wait, in words."""
    if seconds < 60:
        return _("Too many failures. Try again in %(n)s s.") % {"n": seconds}
    return _("Too many failures. Try again in %(n)s min.") % {"n": -(-seconds // 60)}


def named(name):
    """The key of a sign-in name."""
    return NAME, name.lower()


def keys_of(request, name, address):
    """Under which keys a try counts: the device's own where this name has come in from it before, else the name and the address."""
    device, names = _device(request)
    if device and _digest(NAME, name.lower())[:16] in names:
        return [(DEVICE, f"{device}:{name.lower()}")]
    return [named(name), (ADDRESS, address)]


def know(request, response, name):
    """Remember on the device that this name came in from it."""
    device, names = _device(request)
    mark = _digest(NAME, name.lower())[:16]
    kept = [mark, *(n for n in names if n != mark)][:NAMES]
    response.set_cookie(COOKIE, signing.dumps([device or secrets.token_urlsafe(12), kept], salt=SALT), max_age=KEPT, httponly=True,
                        samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)


def _device(request):
    try:
        device, names = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=KEPT)
        return device, names
    except (signing.BadSignature, ValueError, TypeError):
        return None, []
