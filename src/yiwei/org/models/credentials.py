"""What every sign-in has: a password, the second step, and the sessions it has opened."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.hashers import check_password
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.signin import totp

SEEN = timedelta(minutes=5)
DEVICES = [("iPhone", "iPhone"), ("iPad", "iPad"), ("HarmonyOS", "HarmonyOS"), ("Android", "Android"), ("Windows", "Windows"),
           ("Mac OS", "Mac"), ("Linux", "Linux")]
BROWSERS = [("MicroMessenger", "WeChat"), ("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari")]


class Credentials(AbstractBaseUser):
    """A sign-in. `stamp` changes when all its sessions must end. Subclasses have `username`, `session_rows()` and `begin()`."""

    is_active = models.BooleanField(_("active"), default=True)
    must_change = models.BooleanField(_("must change password"), default=False)
    stamp = models.UUIDField(default=uuid.uuid4, editable=False)
    old_passwords = models.JSONField(default=list, editable=False)
    totp_secret = models.CharField(max_length=40, blank=True, default="", editable=False)
    totp_step = models.BigIntegerField(default=0, editable=False)
    recovery = models.JSONField(default=list, editable=False)

    class Meta:
        abstract = True

    def may_sign_in(self):
        return self.is_active

    def succeeded(self):
        self.last_login = timezone.now()
        self.save(update_fields=["last_login"])

    def used_before(self, raw):
        """Whether `raw` is one of the last five passwords."""
        return any(check_password(raw, old) for old in [self.password, *self.old_passwords][:5])

    def change_password(self, raw, session=None):
        """Set a new password; every other session ends."""
        self.old_passwords = [self.password, *self.old_passwords][:5]
        self.set_password(raw)
        self.must_change = False
        self.save()
        self.end_sessions(but=session)

    @property
    def two_step(self):
        return bool(self.totp_secret)

    def two_step_on(self, secret, step):
        """Ask for a code from now on. Gives the recovery codes, which are kept only as hashes."""
        codes = totp.recovery_codes()
        self.totp_secret, self.totp_step, self.recovery = secret, step, [totp.hashed(c) for c in codes]
        self.save(update_fields=["totp_secret", "totp_step", "recovery"])
        return codes

    def two_step_off(self):
        self.totp_secret, self.totp_step, self.recovery = "", 0, []
        self.save(update_fields=["totp_secret", "totp_step", "recovery"])

    def check_code(self, code):
        """Whether a code of the app or a recovery code is right; each works once."""
        step, kept = totp.matching_step(self.totp_secret, code, after=self.totp_step), totp.hashed(code)
        if step is not None:
            self.totp_step = step
        elif kept in self.recovery:
            self.recovery = [c for c in self.recovery if c != kept]
        else:
            return False
        self.save(update_fields=["totp_step", "recovery"])
        return True

    def end_sessions(self, but=None):
        """End every session, but the one given."""
        self.stamp = uuid.uuid4()
        self.save(update_fields=["stamp"])
        rows = self.session_rows()
        if but is not None:
            but["stamp"] = str(self.stamp)
            rows = rows.exclude(pk=but.get("session"))
        rows.update(ended_at=timezone.now())


class SignedIn(models.Model):
    """A session that a sign-in has opened, from one device."""

    started_at = models.DateTimeField(_("signed in"), default=timezone.now)
    seen_at = models.DateTimeField(_("last seen"), default=timezone.now)
    ended_at = models.DateTimeField(_("ended"), null=True)
    address = models.CharField(_("address"), max_length=45, blank=True, default="")
    agent = models.CharField(_("browser"), max_length=200, blank=True, default="")

    class Meta:
        abstract = True

    @classmethod
    def open_rows(cls, **whose):
        """Sessions that have neither been ended nor become too old, the newest first."""
        oldest = timezone.now() - timedelta(seconds=settings.SESSION_COOKIE_AGE)
        return cls.objects.filter(ended_at=None, started_at__gt=oldest, **whose).order_by("-seen_at")

    def saw(self):
        """Note that the session is in use; every few minutes is enough."""
        if timezone.now() - self.seen_at > SEEN:
            type(self).objects.filter(pk=self.pk).update(seen_at=timezone.now())

    @property
    def device(self):
        """The device and the browser in short: “Windows · Edge”."""
        names = [next((name for mark, name in known if mark in self.agent), "") for known in (DEVICES, BROWSERS)]
        return " · ".join(n for n in names if n) or _("Unknown device")
