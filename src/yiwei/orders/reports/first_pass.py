"""What designers handed in and how much of it passed the first drawing review: told to the report of their load (CRM-07)."""

from django.db.models import Count, F, Q

from yiwei.crm.reports.designers import reviews
from yiwei.kernel import scope

from ..models.design import ReviewRound


@reviews
def first_reviews(actor, since, until):
    """First drawing reviews between two moments, by the designer of the contract."""
    rows = scope.rows(ReviewRound, actor).filter(kind="drawing", turn=1, created_at__gte=since, created_at__lt=until)
    return rows.order_by().values(gid=F("sub__contract__designer_id"), key=F("sub__contract__designer__name")).annotate(
        handed=Count("pk"), passed=Count("pk", filter=Q(verdict="passed")))
