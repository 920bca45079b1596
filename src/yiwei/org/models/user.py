"""Sign-in names and passwords."""

from datetime import timedelta
from hmac import compare_digest

from django.contrib.auth.models import UserManager
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.base.message import Message
from yiwei.kernel.models import Ref, TenantModel
from yiwei.kernel.records.holdings import STAYS
from yiwei.kernel.records.scope import PUBLIC
from yiwei.kernel.records.tenancy.models import TenantManager
from yiwei.kernel.signin import throttle
from yiwei.kernel.text import fold
from yiwei.kernel.work.notify.sealed import sealed
from yiwei.kernel.work.notify.send import post, tell

from .credentials import Credentials, SignedIn
from .employee import Employee

GOOD_FOR, CODE_TRIES, CODES_AN_HOUR = timedelta(minutes=10), 5, 3


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

create or replace function org_session_open(tenant bigint, member bigint, session bigint) returns boolean
  language sql stable security definer set search_path = public, pg_temp as $$
  select exists (select from org_signinsession s join org_user u on u.tenant_id = s.tenant_id and u.id = s.user_id
                  where s.tenant_id = tenant and s.id = session and u.member_id = member and s.ended_at is null and u.is_active);
$$;

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

    def send_code(self, address=""):
        """Send a code for a new password to the own phone; quietly nothing where there is none, or too many were asked for."""
        now, phone = timezone.now(), self.member.phone
        recent = ResetCode.objects.filter(at__gt=now - timedelta(hours=1))
        mine = recent.filter(user=self)
        if not phone or not self.is_active or self.member.state != "active" or mine.count() >= CODES_AN_HOUR \
                or mine.filter(at__gt=now - timedelta(minutes=1)).exists() or recent.filter(address=address).count() >= 10 * CODES_AN_HOUR:
            return
        row = ResetCode.objects.create(user=self, address=address)
        post("sms", phone, _("%(dealer)s: {code} is your code for a new password, good for ten minutes. If you did not ask for it, tell nobody.") % {
            "dealer": self.tenant.name}, template=ResetCode.TEMPLATE, cause=f"reset:{row.pk}", obj=row)

    def check_reset(self, code):
        """The row of a right code; None for a wrong one, which counts against it."""
        row = ResetCode.objects.select_for_update(of=("self",)).filter(
            user=self, used_at=None, at__gt=timezone.now() - GOOD_FOR, tries__lt=CODE_TRIES).order_by("-at").first()
        if row is None:
            return None
        if compare_digest(row.code.encode(), "".join(fold(code).split()).encode()):
            return row
        row.tries += 1
        row.save(update_fields=["tries"])
        return None

    def reset_password(self, raw, row):
        """A new password by a code; all sessions end, a lock is lifted, and the person is told."""
        row.used_at = timezone.now()
        row.save(update_fields=["used_at"])
        self.change_password(raw)
        throttle.forget([throttle.named(self.username)])
        tell([self.member_id], Message("Your password was set anew by a code sent to your phone."))

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


class ResetCode(TenantModel):
    """A code sent to the own phone for a new password. The code itself is kept nowhere: it follows from the row and the house's key."""

    scope = PUBLIC
    audited = False
    TEMPLATE = "password-code"

    user = Ref(User)
    at = models.DateTimeField(default=timezone.now)
    address = models.CharField(max_length=45, blank=True, default="")
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("code for a new password")
        indexes = [models.Index(fields=["tenant", "user", "-at"], name="org_resetcode_user")]

    @property
    def code(self):
        """Six digits."""
        return f"{int(salted_hmac('org.resetcode', f'{self.tenant_id}:{self.pk}:{self.at.timestamp()}').hexdigest(), 16) % 1_000_000:06d}"


@sealed(ResetCode.TEMPLATE)
def code_of(message):
    return ResetCode.objects.get(pk=message.object_id).code
