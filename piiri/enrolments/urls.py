"""Addresses of the room."""

from django.urls import URLPattern

app_name = "enrolments"
urlpatterns: list[URLPattern] = []
