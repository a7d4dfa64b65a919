"""Addresses of the room."""

from django.urls import path

from piiri.formation.views import proposals, publishing

app_name = "formation"
urlpatterns = [
    path("office/<uid:programme>/formation/", proposals.board, name="board"),
    path("office/<uid:programme>/formation/ask/", proposals.ask, name="ask"),
    path("runs/<uid:run>/", proposals.run, name="run"),
    path("runs/<uid:run>/publish/", publishing.publish, name="publish"),
    path("publishings/<uid:publishing>/", publishing.publishing, name="publishing"),
    path("publishings/<uid:publishing>/undo/", publishing.undo, name="undo"),
]
