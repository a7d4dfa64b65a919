"""Addresses of the room."""

from django.urls import path

from piiri.programmes.views import contacts, events, office, setup

app_name = "programmes"
urlpatterns = [
    path("office/programmes/", office.index, name="index"),
    path("office/new/", office.new, name="new"),
    path("office/<uid:programme>/setup/<slug:step>/", setup.setup, name="setup"),
    path("office/<uid:programme>/events/new/", events.new, name="new-event"),
    path("office/<uid:programme>/publish/", office.publish, name="publish"),
    path("office/<uid:programme>/close/", office.close, name="close"),
    path("office/<uid:programme>/copy/", office.copy, name="copy"),
    path("office/<uid:programme>/contacts/", contacts.contacts, name="contacts"),
    path("office/<uid:programme>/coordinators/", office.coordinators, name="coordinators"),
    path(
        "office/<uid:programme>/coordinators/<uid:person>/remove/",
        office.remove_coordinator,
        name="remove-coordinator",
    ),
    path("events/<uid:event>/edit/", events.edit, name="edit-event"),
    path("events/<uid:event>/remove/", events.remove, name="remove-event"),
]
