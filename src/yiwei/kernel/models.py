"""All models of the kernel."""

from .records.attachments import Attachment
from .records.document import BaseData, Counter, Document, Ordered, Record, Timeline
from .records.history import Change
from .records.search.models import SearchKey
from .records.tenancy.models import HouseModel, Ref, Tenant, TenantModel
from .screens.exchange.models import ImportHeading, ImportRun, MendedRow
from .screens.registers.models import SavedView
from .signin.throttle import SignInTry
from .work.actions.idempotency import Once
from .work.approvals.models import ApprovalFlow, Case, Task
from .work.disclosure import Disclosure
from .work.integrations import ApiToken, Webhook
from .work.notify.models import Notification, Outbox
from .work.options import Parameter
from .work.reminders.models import Holiday, Reminder, ReminderRule

__all__ = [
    "ApiToken", "ApprovalFlow", "Attachment", "BaseData", "Case", "Change", "Counter", "Disclosure", "Document", "Holiday",
    "HouseModel", "ImportHeading", "ImportRun", "MendedRow", "Notification", "Once", "Ordered", "Outbox", "Parameter", "Record",
    "Ref", "Reminder", "ReminderRule", "SavedView", "SearchKey", "SignInTry", "Task", "Tenant", "TenantModel", "Timeline", "Webhook",
]
