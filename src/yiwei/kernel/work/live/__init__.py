"""Messages appear at once: a stream of server-sent events beside the web server.

The database tells (`pg_notify` by a trigger on notifications, at commit), a small ASGI program listens and passes it on to the
pages of that employee. The stream carries no data, only that there is something new; the page then asks the web server, which
knows sessions, scopes and masks. Without a stream (no `YIWEI_LIVE_URL`, or a proxy that cuts it) a page asks once a minute.
"""

CHANNEL = "yiwei_live"
