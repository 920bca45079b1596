"""What designers handed in and how much of it passed the first drawing review: told to the report of their load (CRM-07)."""

from django.db.models import Count, F, Q

from yiwei.crm.reports.designers import reviews
from yiwei.kernel.records import scope
from yiwei.kernel.screens.registers.listing import lookups_of_days

from ..models.design import ReviewRound


@reviews
def first_reviews(actor, first, last):
    """First drawing reviews from one day to another, by the designer of the contract."""
    rows = scope.rows(ReviewRound, actor).filter(kind="drawing", turn=1, **lookups_of_days("created_at", first, last, stamped=True))
    return rows.order_by().values(gid=F("sub__contract__designer_id"), key=F("sub__contract__designer__name")).annotate(
        handed=Count("pk"), passed=Count("pk", filter=Q(verdict="passed")))
