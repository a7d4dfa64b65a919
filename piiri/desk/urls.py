"""Addresses of the room."""

from django.urls import path

from piiri.desk.views import lists, mails, nudges, overview, support

app_name = "desk"
urlpatterns = [
    path("office/", overview.index, name="index"),
    path("office/<uid:programme>/", overview.overview, name="overview"),
    path("office/<uid:programme>/groups/", lists.groups, name="groups"),
    path("office/<uid:programme>/people/", lists.people, name="people"),
    path("office/<uid:programme>/mails/", mails.mails, name="mails"),
    path("office/<uid:programme>/mails/<slug:mail_code>/<slug:mail_language>/", mails.mail, name="mail"),
    path("groups/<uid:group>/signs/", nudges.signs, name="signs"),
    path("groups/<uid:group>/signs/<uid:nudge>/", nudges.silence, name="silence"),
    path("groups/<uid:group>/support/", support.ask, name="ask-support"),
    path("support/", support.asked, name="asked"),
    path("support/<uid:support>/", support.talk, name="support"),
    path("support/<uid:support>/take-back/", support.take_back, name="take-back-support"),
]
