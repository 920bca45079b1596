"""Addresses of the pages without sign-in, under /c/."""

from django.urls import path

from . import views
from .rules import partner

urlpatterns = [
    path("f/<str:token>/", partner.file, name="portal-filing"),
    path("<str:token>/", views.show, name="portal-page"),
    path("<str:token>/design/<int:pk>/", views.design, name="portal-design"),
]
