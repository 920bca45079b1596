"""What rooms below ask of rebates."""

from django.db.models import Q

from yiwei.filing.actions.designermerge import owed

from .models.application import RebateApplication


@owed
def still_to_settle(designer):
    """Whether a rebate of the designer's filings is not yet settled and paid."""
    open_ = Q(state__in=("draft", "approved")) | Q(settlement__state__in=("collecting", "confirmed", "approved"))
    return RebateApplication.objects.filter(open_, filing__outside_designer=designer).exists()
