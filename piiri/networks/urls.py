"""Addresses of the room."""

from django.urls import path

from piiri.networks import views

app_name = "networks"
urlpatterns = [
    path("account/affiliations/", views.affiliations, name="affiliations"),
    path("organisations/", views.index, name="index"),
    path("organisations/<uid:organisation>/", views.organisation, name="organisation"),
    path("organisations/<uid:organisation>/units/", views.add_unit, name="add-unit"),
    path("organisations/<uid:organisation>/administrators/", views.administrators, name="administrators"),
    path(
        "organisations/<uid:organisation>/administrators/<uid:person>/remove/",
        views.remove_administrator,
        name="remove-administrator",
    ),
    path("organisations/<uid:organisation>/suspend/", views.suspend, name="suspend"),
    path("organisations/<uid:organisation>/reopen/", views.reopen, name="reopen"),
    path("units/<uid:unit>/", views.unit, name="unit"),
    path("networks/<uid:network>/", views.network, name="network"),
]
