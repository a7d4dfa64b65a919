"""Addresses of the room."""

from django.urls import path

from piiri.home.views import group, mailbox, start

app_name = "home"
urlpatterns = [
    path("", start.index, name="index"),
    path("asks/", start.asks, name="asks"),
    path("groups/<uid:group>/", group.group, name="group"),
    path("groups/<uid:group>/people/", group.people, name="people"),
    path("mailbox/", mailbox.mailbox, name="mailbox"),
    path("mailbox/<uid:mail>/", mailbox.mail, name="mail"),
    path("mailbox/<uid:mail>/html/", mailbox.mail_html, name="mail-html"),
]
