"""Addresses of the house: the kernel's, and those rooms that serve people without sign-in."""

from django.apps import apps
from django.urls import include, path

handler500 = "yiwei.kernel.signin.middleware.broken"
handler400 = "yiwei.kernel.signin.middleware.unreadable"
urlpatterns = []
if apps.is_installed("yiwei.portal"):
    urlpatterns.append(path("c/", include("yiwei.portal.urls")))
if apps.is_installed("yiwei.platform"):
    urlpatterns.append(path("", include("yiwei.platform.urls")))
urlpatterns.append(path("", include("yiwei.kernel.screens.urls")))
