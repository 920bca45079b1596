"""Programs outside are told of what was done: signed messages (Standard Webhooks) to the addresses a dealer has named.

An event is the name of the action (`orders.contract.submit`); its body names the row, not its contents, which the program reads
through the API with a key of its own, within that key's scope and masks. Messages wait in the outbox like all others.
"""

import ipaddress
import json
import socket
from fnmatch import fnmatchcase
from urllib.parse import urlsplit, urlunsplit

import httpx
from django.conf import settings
from django.utils import timezone
from standardwebhooks.webhooks import Webhook as Signer

from yiwei.kernel.base import deferred

from .errors import Undeliverable
from .models import Outbox


def emit(act, actor, obj):
    """Queue the event for the addresses that want it. `limits["hooks"]` says whether the dealer has any."""
    if actor.limits.get("hooks", True):
        deferred.write(_queue, (act.name, obj))


def _queue(done):
    from yiwei.kernel.work.integrations import Webhook
    hooks = list(Webhook.objects.filter(active=True))
    Outbox.objects.bulk_create([
        Outbox(channel="webhook", receiver=str(hook.pk), template=name[:60], text=body(name, obj), model=obj._meta.label_lower,
               object_id=obj.pk)
        for name, obj in done for hook in hooks if wants(hook, name)])


def wants(hook, name):
    return any(fnmatchcase(name, pattern) for pattern in hook.events.split())


def body(name, obj):
    """The message: what was done, when, and to which row."""
    data = {"id": obj.pk, "version": getattr(obj, "version", None),
            "url": f"/api/v1/{obj._meta.app_label}/{obj._meta.model_name}/{obj.pk}"}
    data |= {key: value for key in ("number", "state") if (value := getattr(obj, key, ""))}
    if obj.flow and "state" in data:
        data["state"] = obj.flow.veil[1].get(data["state"], data["state"])   # nobody knows who reads it
    return json.dumps({"type": name, "timestamp": timezone.now().isoformat(), "data": data}, ensure_ascii=False)


def signed(signer, name, text):
    """The headers of one message as Standard Webhooks has them."""
    now = timezone.now()
    return {"webhook-id": name, "webhook-timestamp": str(int(now.timestamp())), "webhook-signature": signer.sign(name, now, text),
            "content-type": "application/json"}


def deliver(row):
    """Hand one message to its address. Raises Undeliverable with the reason."""
    from yiwei.kernel.work.integrations import Webhook
    hook = Webhook.objects.filter(pk=row.receiver, active=True).first()
    if hook is None:
        raise Undeliverable("switched off")
    headers = signed(Signer(hook.secret), f"msg_{row.tenant_id}_{row.pk}", row.text)
    url, host = pinned(hook.url)
    try:
        with httpx.Client(timeout=5, trust_env=False) as client:
            answer = client.post(url, content=row.text.encode(), headers=headers | {"host": host},
                                 extensions={"sni_hostname": urlsplit(hook.url).hostname})
    except httpx.HTTPError as error:
        raise Undeliverable(str(error) or type(error).__name__) from error
    if not answer.is_success:
        raise Undeliverable(f"{answer.status_code} {answer.text[:200]}")


def pinned(url):
    """(the address with its host as a number, the host as written): what was checked is what is called.

    Addresses inside the house (loopback, private, link-local …) are refused unless YIWEI_WEBHOOK_PRIVATE is set, so that nobody
    makes the server knock at its neighbours.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("https", "http") or not parts.hostname or parts.username:
        raise Undeliverable("not an address")
    try:
        found = socket.getaddrinfo(parts.hostname, parts.port or (443 if parts.scheme == "https" else 80), type=socket.SOCK_STREAM)
    except (OSError, UnicodeError, ValueError) as error:
        raise Undeliverable(f"{parts.hostname}: {error}") from error
    number = ipaddress.ip_address(found[0][4][0])
    inner = getattr(number, "ipv4_mapped", None) or number
    if not (settings.YIWEI_WEBHOOK_PRIVATE or inner.is_global and not inner.is_multicast):
        raise Undeliverable(f"{parts.hostname}: an address inside the house")
    host = f"[{number}]" if number.version == 6 else str(number)
    port = f":{parts.port}" if parts.port else ""
    written = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return urlunsplit((parts.scheme, host + port, parts.path or "/", parts.query, "")), written + port
