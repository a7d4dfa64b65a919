"""Addresses of the cellar, and the uid converter for all rooms."""

from django.urls import path, register_converter

from piiri.base import views
from piiri.base.uids import UidConverter

register_converter(UidConverter, "uid")

app_name = "base"
urlpatterns = [
    path("about/accessibility/", views.accessibility, name="accessibility"),
    path("about/privacy/", views.privacy, name="privacy"),
    path("about/source/", views.source, name="source"),
    path("design/", views.design, name="design"),
    path("robots.txt", views.robots, name="robots"),
    path("favicon.ico", views.favicon, name="favicon"),
]
