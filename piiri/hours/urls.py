"""Addresses of the room."""

from django.urls import path

from piiri.hours import views

app_name = "hours"
urlpatterns = [
    path("hours/", views.mine, name="mine"),
    path("office/<uid:programme>/hours/", views.office, name="office"),
    path("office/<uid:programme>/hours/statements/", views.freeze, name="freeze"),
    path("office/<uid:programme>/hours/<uid:person>/", views.person, name="person"),
    path("statements/<uid:statement>/hours.csv", views.as_csv, name="csv"),
    path("statements/<uid:statement>/hours.xlsx", views.as_xlsx, name="xlsx"),
]
