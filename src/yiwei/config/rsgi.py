"""The application that the web server runs: Django behind the gate."""

from django.conf import settings

from yiwei.config.wsgi import application as django
from yiwei.ops.gate import Gate
from yiwei.ops.orphans import end_with_parent

end_with_parent()
application = Gate(django, settings.YIWEI_LARGEST_REQUEST, settings.YIWEI_PROXIES)
