"""Messages leave the house: e-mail by Django's backend, SMS and WeChat by the dealer's gateway over signed HTTP, events by webhooks.

A gateway gets `POST {"channel", "to", "text", "template"}` with the headers of Standard Webhooks and answers 2xx. Without a
gateway (`YIWEI_SMS_URL`, `YIWEI_WECHAT_URL`) messages wait. A message is tried five times, ever later; a WeChat message that
cannot be sent goes once as SMS instead (D-42). No SMS leaves between 21 and 8 o'clock, but codes that
somebody waits for.
"""

import json
import logging
import uuid
from datetime import timedelta

import httpx
from django.conf import settings
from django.core.mail import send_mail
from django.db.models import Q
from django.utils import timezone
from standardwebhooks.webhooks import Webhook

from . import webhooks
from .errors import Undeliverable
from .models import Outbox
from .sealed import SEALED, text_of

log = logging.getLogger("yiwei.notify")
TRIES, BATCH = 5, 50
QUIET_FROM, QUIET_UNTIL = 21, 8


def email(row):
    text = text_of(row)
    send_mail(" ".join(text.split())[:60], text, settings.DEFAULT_FROM_EMAIL, [row.receiver])


def key_of(secret):
    """The signing key: `whsec_…` in base64 as the standard has it, or any other text by its bytes."""
    return secret if secret.startswith("whsec_") else secret.encode()


def gateway(row):
    """Hand a message to the gateway of its channel."""
    body = json.dumps({"channel": row.channel, "to": row.receiver, "text": text_of(row), "template": row.template}, ensure_ascii=False)
    headers = webhooks.signed(Webhook(key_of(settings.YIWEI_GATEWAY_SECRET)), f"msg_{row.pk}_{uuid.uuid4().hex[:8]}", body)
    try:
        answer = httpx.post(settings.YIWEI_GATEWAYS[row.channel], content=body.encode(), headers=headers, timeout=10)
    except httpx.HTTPError as error:
        raise Undeliverable(str(error) or type(error).__name__) from error
    if not answer.is_success:
        raise Undeliverable(f"{answer.status_code} {answer.text[:200]}")


def open_channels(now=None):
    """Channels that can send at this moment."""
    hour, out = timezone.localtime(now).hour, ["email", "webhook"]
    if settings.YIWEI_GATEWAYS.get("wechat"):
        out.append("wechat")
    if settings.YIWEI_GATEWAYS.get("sms") and QUIET_UNTIL <= hour < QUIET_FROM:
        out.append("sms")
    return out


def send_messages():
    return send_waiting(channels=["email", "sms", "wechat"])


def send_events():
    """Webhooks by themselves: a program that is slow to answer keeps back no message to people."""
    return send_waiting(channels=["webhook"])


def send_waiting(now=None, channels=None):
    """Send what waits in the tenant in force. Two workers never take the same message. Returns (sent, failed)."""
    now = now or timezone.now()
    ways = [c for c in open_channels(now) if channels is None or c in channels]
    due = Q(channel__in=ways)
    if settings.YIWEI_GATEWAYS.get("sms") and (channels is None or "sms" in channels):
        due |= Q(channel="sms", template__in=list(SEALED))
    rows = Outbox.objects.select_for_update(skip_locked=True).filter(due, state="waiting", due_at__lte=now)
    sent = failed = 0
    for row in rows.order_by("id")[:BATCH]:
        row.tries += 1
        try:
            WAYS.get(row.channel, gateway)(row)
        except Exception as error:  # whatever is wrong with one message must not keep the others back
            if not isinstance(error, (Undeliverable, OSError)):
                log.exception("message %s by %s", row.pk, row.channel)
            failed += 1
            _again(row, str(error), now)
        else:
            row.state, row.sent_at, row.error = "sent", timezone.now(), ""
            sent += 1
        row.save()
    return sent, failed


WAYS = {"email": email, "webhook": webhooks.deliver}


def _again(row, why, now):
    row.error, row.due_at = why[:300], now + timedelta(minutes=2 ** row.tries)
    if row.tries < TRIES:
        return
    row.state = "failed"
    log.warning("message %s by %s was given up: %s", row.pk, row.channel, why)
    if row.channel == "wechat":
        Outbox.objects.bulk_create([Outbox(channel="sms", receiver=row.receiver, text=row.text, template=row.template, model=row.model,
                                           object_id=row.object_id, cause=row.cause)], ignore_conflicts=True)
