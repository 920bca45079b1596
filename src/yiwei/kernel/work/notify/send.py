"""Tell employees inside the house; put messages to the world into the outbox."""

from yiwei.kernel.base import deferred
from yiwei.kernel.base.message import kept

from .models import Notification, Outbox


def tell(members, text, obj=None):
    """One message to each employee id in `members`, pointing to `obj`; a `Message` is read by each in his own language."""
    members = {m for m in members if m}
    if not members:
        return
    label = obj._meta.label_lower if obj is not None else ""
    words, values = kept(text)
    for member in sorted(members):
        deferred.write(deferred.inserts(Notification), Notification(
            member_id=member, text=words[:300], values=values, model=label, object_id=obj.pk if obj is not None else None))


def post(channel, receiver, text, *, template="", cause="", obj=None):
    """Queue one message; the same cause to the same receiver is queued once."""
    if not receiver:
        return
    row = Outbox(channel=channel, receiver=receiver, text=text, template=template, cause=cause[:120],
                 model=obj._meta.label_lower if obj is not None else "", object_id=getattr(obj, "pk", None))
    Outbox.objects.bulk_create([row], ignore_conflicts=True)
