"""Addresses of the room."""

from django.urls import path

from piiri.desk.views import lists, overview

app_name = "desk"
urlpatterns = [
    path("office/", overview.index, name="index"),
    path("office/<uid:programme>/", overview.overview, name="overview"),
    path("office/<uid:programme>/groups/", lists.groups, name="groups"),
    path("office/<uid:programme>/people/", lists.people, name="people"),
]
