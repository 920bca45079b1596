"""All models of the kernel."""

from .action.models import Once
from .api.models import ApiToken, Webhook
from .approval.models import ApprovalFlow, Case, Task
from .audit.disclosure import Disclosure
from .audit.models import Change
from .document import BaseData, Counter, Document, Ordered, Record, Timeline
from .exchange.models import ImportRun
from .files.models import Attachment
from .notify.models import Notification, Outbox
from .options import Parameter
from .register.models import SavedView
from .reminders.models import Holiday, Reminder, ReminderRule
from .search.models import SearchKey
from .tenancy.models import HouseModel, Ref, Tenant, TenantModel

__all__ = [
    "ApiToken", "ApprovalFlow", "Attachment", "BaseData", "Case", "Change", "Counter", "Disclosure", "Document", "Holiday", "HouseModel",
    "ImportRun", "Notification", "Once", "Ordered", "Outbox", "Parameter", "Record", "Ref", "Reminder", "ReminderRule", "SavedView",
    "SearchKey", "Task", "Tenant", "TenantModel", "Timeline", "Webhook",
]
