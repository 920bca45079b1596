"""Sign-in names and passwords."""

import uuid
from datetime import timedelta

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.hashers import check_password
from django.contrib.auth.models import UserManager
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.models import Ref, TenantModel
from yiwei.kernel.scope import PUBLIC
from yiwei.kernel.tenancy.models import TenantManager

from .employee import Employee

TRIES = 5
PAUSE = timedelta(minutes=15)


class SignInName(models.Model):
    """Which tenant a sign-in name belongs to; the application reads it only through org_find_user()."""

    hidden_from_app = True

    username = models.CharField(max_length=80, primary_key=True)
    tenant_id = models.BigIntegerField()
    user_id = models.BigIntegerField()

    class Meta:
        db_table = "org_signinname"


class SignInManager(TenantManager, UserManager):
    """Users of the tenant in force."""


class User(AbstractBaseUser, TenantModel):
    """The sign-in of one employee. `stamp` changes when all its sessions must end."""

    scope = PUBLIC
    audited = False
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
    is_active = models.BooleanField(_("active"), default=True)
    must_change = models.BooleanField(_("must change password"), default=False)
    stamp = models.UUIDField(default=uuid.uuid4, editable=False)
    failures = models.PositiveSmallIntegerField(default=0, editable=False)
    locked_until = models.DateTimeField(null=True, editable=False)
    old_passwords = models.JSONField(default=list, editable=False)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = []
    objects = SignInManager()

    class Meta:
        verbose_name = _("sign-in")
        base_manager_name = "objects"
        constraints = [models.UniqueConstraint(fields=["tenant", "member"], name="org_user_member")]

    def locked(self):
        return bool(self.locked_until and self.locked_until > timezone.now())

    def may_sign_in(self):
        return self.is_active and not self.locked() and self.member.state == "active" and self.member.tenant.active

    def failed(self):
        """Count a wrong password; five in a row lock the sign-in for a while."""
        self.failures += 1
        if self.failures >= TRIES:
            self.failures, self.locked_until = 0, timezone.now() + PAUSE
        self.save(update_fields=["failures", "locked_until"])

    def succeeded(self):
        self.failures, self.locked_until, self.last_login = 0, None, timezone.now()
        self.save(update_fields=["failures", "locked_until", "last_login"])

    def used_before(self, raw):
        """Whether `raw` is one of the last five passwords."""
        return any(check_password(raw, old) for old in [self.password, *self.old_passwords][:5])

    def change_password(self, raw):
        """Set a new password; every other session ends."""
        self.old_passwords = [self.password, *self.old_passwords][:5]
        self.set_password(raw)
        self.stamp, self.must_change = uuid.uuid4(), False
        self.save()
