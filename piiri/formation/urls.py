"""Addresses of the room."""

from django.urls import path

from piiri.formation import views

app_name = "formation"
urlpatterns = [
    path("office/<uid:programme>/formation/", views.board, name="board"),
    path("office/<uid:programme>/formation/ask/", views.ask, name="ask"),
    path("runs/<uid:run>/", views.run, name="run"),
    path("runs/<uid:run>/publish/", views.publish, name="publish"),
    path("publishings/<uid:publishing>/", views.publishing, name="publishing"),
    path("publishings/<uid:publishing>/undo/", views.undo, name="undo"),
]
