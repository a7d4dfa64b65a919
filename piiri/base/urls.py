"""Addresses of the cellar, and the uid converter for all rooms."""

from django.urls import URLPattern, register_converter

from piiri.base.uids import UidConverter

register_converter(UidConverter, "uid")

app_name = "base"
urlpatterns: list[URLPattern] = []
