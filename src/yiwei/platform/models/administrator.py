"""People who run the platform and belong to no dealer, their sessions, and the log of what they did."""

import hashlib
import secrets

from django.contrib.auth.models import UserManager
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.models import HouseModel
from yiwei.org.models.credentials import Credentials, SignedIn


class Administrator(Credentials, HouseModel):
    """A person who opens, suspends and supports dealers. The name is kept beside the employees' so that none is taken twice."""

    database_functions = """
create or replace function platform_keep_signinname() returns trigger language plpgsql security definer
  set search_path = public, pg_temp as $$
begin
  if tg_op in ('UPDATE', 'DELETE') then
    delete from org_signinname where username = lower(old.username) and tenant_id = 0 and user_id = old.id;
  end if;
  if tg_op in ('INSERT', 'UPDATE') then
    insert into org_signinname (username, tenant_id, user_id) values (lower(new.username), 0, new.id);
  end if;
  return null;
end $$;
"""
    triggers = {"platform_signinname": "after insert or delete or update of username {on} for each row"
                                       " execute function platform_keep_signinname()"}

    username = models.CharField(_("sign-in name"), max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=60)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = []
    objects = UserManager()

    class Meta:
        verbose_name = _("platform administrator")

    def __str__(self):
        return self.name

    def begin(self, address="", agent=""):
        """Open a session; the token that the browser's session holds is what the database knows the operator by."""
        token = secrets.token_urlsafe(32)
        row = OperatorSession.objects.create(administrator=self, digest=digest(token), address=address, agent=agent)
        return {"platform": token, "session": row.pk}

    def session_rows(self):
        return OperatorSession.open_rows(administrator=self)

    @staticmethod
    def end_session(pk):
        OperatorSession.objects.filter(pk=pk, ended_at=None).update(ended_at=timezone.now())


class OperatorSession(SignedIn, HouseModel):
    """A session of a platform administrator; only the hash of its token is kept."""

    administrator = models.ForeignKey(Administrator, models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)

    @classmethod
    def holding(cls, token):
        """The open session of a token, or None."""
        return cls.open_rows(digest=digest(token), administrator__is_active=True).select_related("administrator").first()


class Log(HouseModel):
    """One act of a platform administrator, written by the database's own functions."""

    append_only = True
    written_by_trigger = True

    at = models.DateTimeField(_("at"), default=timezone.now)
    administrator = models.ForeignKey(Administrator, models.PROTECT, related_name="+", verbose_name=_("by"))
    act = models.CharField(_("action"), max_length=20)
    dealer = models.BigIntegerField(null=True)
    dealer_code = models.CharField(_("dealer"), max_length=40, blank=True, default="")
    text = models.CharField(_("text"), max_length=300, blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["dealer", "-id"], name="platform_log_dealer")]


def digest(token):
    return hashlib.sha256(token.encode()).hexdigest()
