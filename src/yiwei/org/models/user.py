"""Sign-in names and passwords."""

from django.contrib.auth.models import UserManager
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.holdings import STAYS
from yiwei.kernel.models import Ref, TenantModel
from yiwei.kernel.scope import PUBLIC
from yiwei.kernel.tenancy.models import TenantManager

from .credentials import Credentials, SignedIn
from .employee import Employee


class SignInName(models.Model):
    """Which tenant a sign-in name belongs to, 0 for the platform itself; the application reads it only through org_find_user()."""

    hidden_from_app = True

    username = models.CharField(max_length=80, primary_key=True)
    tenant_id = models.BigIntegerField()
    user_id = models.BigIntegerField()

    class Meta:
        db_table = "org_signinname"


class SignInManager(TenantManager, UserManager):
    """Users of the tenant in force."""


class User(Credentials, TenantModel):
    """The sign-in of one employee."""

    scope = PUBLIC
    audited = False
    held = {"member": STAYS}
    database_functions = """
create or replace function org_keep_signinname() returns trigger language plpgsql security definer
  set search_path = public, pg_temp as $$
begin
  if tg_op in ('UPDATE', 'DELETE') then
    delete from org_signinname where username = lower(old.username) and user_id = old.id;
  end if;
  if tg_op in ('INSERT', 'UPDATE') then
    insert into org_signinname (username, tenant_id, user_id) values (lower(new.username), new.tenant_id, new.id);
  end if;
  return null;
end $$;

create or replace function org_find_user(wanted text) returns table (tenant_id bigint, user_id bigint)
  language sql stable security definer set search_path = public, pg_temp as $$
  select s.tenant_id, s.user_id from org_signinname s where s.username = lower(wanted);
$$;
"""
    triggers = {"org_signinname": "after insert or delete or update of username {on} for each row"
                                  " execute function org_keep_signinname()"}

    username = models.CharField(_("sign-in name"), max_length=80, unique=True)
    member = Ref(Employee, verbose_name=_("employee"))

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = []
    objects = SignInManager()

    class Meta:
        verbose_name = _("sign-in")
        base_manager_name = "objects"
        constraints = [models.UniqueConstraint(fields=["tenant", "member"], name="org_user_member")]

    def may_sign_in(self):
        return super().may_sign_in() and self.member.state == "active"

    def begin(self, address="", agent=""):
        """Open a session; gives what the browser's session must hold."""
        row = SignInSession.objects.create(user=self, address=address, agent=agent)
        return {"tenant": self.tenant_id, "member": self.member_id, "user": self.pk, "stamp": str(self.stamp), "session": row.pk}

    def session_rows(self):
        return SignInSession.open_rows(user=self)

    @staticmethod
    def session_seen(pk, seen_at):
        SignInSession(pk=pk, seen_at=seen_at).saw()

    @staticmethod
    def end_session(pk):
        SignInSession.objects.filter(pk=pk, ended_at=None).update(ended_at=timezone.now())


class SignInSession(SignedIn, TenantModel):
    """A session of an employee."""

    scope = PUBLIC
    audited = False

    user = Ref(User)

    class Meta:
        verbose_name = _("session")
        indexes = [models.Index(fields=["tenant", "user", "-started_at"], name="org_session_user")]
