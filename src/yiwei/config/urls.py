"""Addresses of the house: the kernel's, and those rooms that serve people without sign-in."""

from importlib.util import find_spec

from django.urls import include, path

urlpatterns = []
if find_spec("yiwei.portal.urls"):
    urlpatterns.append(path("c/", include("yiwei.portal.urls")))
urlpatterns.append(path("", include("yiwei.kernel.web.urls")))
