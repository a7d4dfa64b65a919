"""Addresses of the room."""

from django.urls import path

from piiri.formation.views import forecast, proposals, publishing, workbench

app_name = "formation"
urlpatterns = [
    path("office/<uid:programme>/formation/", proposals.board, name="board"),
    path("office/<uid:programme>/formation/ask/", proposals.ask, name="ask"),
    path("office/<uid:programme>/formation/forecast/", forecast.forecast, name="forecast"),
    path(
        "office/<uid:programme>/formation/forecast/ask/", forecast.ask_for_forecast, name="ask-for-forecast"
    ),
    path("office/<uid:programme>/formation/forecast/stop/", forecast.stop_forecast, name="stop-forecast"),
    path("runs/<uid:run>/", proposals.run, name="run"),
    path("runs/<uid:run>/again/", proposals.again, name="again"),
    path("runs/<uid:run>/stop/", proposals.stop, name="stop"),
    path("runs/<uid:run>/set-aside/", proposals.set_aside, name="set-aside"),
    path("runs/<uid:run>/move/", workbench.move, name="move"),
    path("runs/<uid:run>/lock/", workbench.lock, name="lock"),
    path("runs/<uid:run>/undo-step/", workbench.undo_step, name="undo-step"),
    path("runs/<uid:run>/redo-step/", workbench.redo_step, name="redo-step"),
    path("runs/<uid:run>/publish/", publishing.publish, name="publish"),
    path("publishings/<uid:publishing>/", publishing.publishing, name="publishing"),
    path("publishings/<uid:publishing>/hold/", publishing.hold, name="hold"),
    path("publishings/<uid:publishing>/undo/", publishing.undo, name="undo"),
]
