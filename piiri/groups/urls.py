"""Addresses of the room."""

from django.urls import path

from piiri.groups import views

app_name = "groups"
urlpatterns = [
    path("p/<slug:organisation_slug>/<slug:programme_slug>/offer/", views.offer, name="offer"),
    path(
        "p/<slug:organisation_slug>/<slug:programme_slug>/offer/name/",
        views.name_on_card,
        name="name-on-card",
    ),
    path("groups/<uid:group>/edit/", views.edit, name="edit"),
    path("groups/<uid:group>/places/", views.resize, name="resize"),
    path("groups/<uid:group>/history/", views.open_history, name="open-history"),
    path("groups/<uid:group>/swap/", views.swap, name="swap"),
    path("office/<uid:programme>/mentors/", views.mentors, name="mentors"),
    path("office/<uid:programme>/mentors/<uid:person>/end/", views.end_mentor, name="end-mentor"),
]
