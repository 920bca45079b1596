"""Addresses of the platform's console, and of a new dealer's first steps."""

from django.urls import path

from . import views

urlpatterns = [
    path("platform/", views.console, name="platform"),
    path("platform/open/", views.open_new, name="platform-open"),
    path("platform/log/", views.log, name="platform-log"),
    path("platform/leave/", views.leave, name="platform-leave"),
    path("platform/<int:pk>/", views.dealer, name="platform-dealer"),
    path("platform/<int:pk>/suspend/", views.suspend, name="platform-suspend"),
    path("platform/<int:pk>/resume/", views.resume, name="platform-resume"),
    path("platform/<int:pk>/reset/", views.reset, name="platform-reset"),
    path("platform/<int:pk>/look/", views.look, name="platform-look"),
    path("start/", views.start, name="start"),
    path("start/close/", views.start_close, name="start-close"),
    path("start/<slug:key>/", views.start_say, name="start-say"),
]
