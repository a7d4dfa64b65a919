"""Addresses of the room. Nothing that was written stands in one."""

from django.urls import path

from piiri.notes.views import basket, board, files, leaving

app_name = "notes"
urlpatterns = [
    path("groups/<uid:group>/between/", board.board, name="board"),
    path("groups/<uid:group>/between/mail/", board.mail, name="mail"),
    path("groups/<uid:group>/between/topics/", basket.topics, name="topics"),
    path("groups/<uid:group>/between/files/", files.files, name="files"),
    path("groups/<uid:group>/between/files/add/", files.add, name="add-file"),
    path("lines/<uid:line>/answer/", board.answer, name="answer"),
    path("lines/<uid:line>/edit/", board.edit, name="edit"),
    path("lines/<uid:line>/take-away/", board.take_away, name="take-away"),
    path("topics/<uid:topic>/vote/", basket.vote, name="vote"),
    path("topics/<uid:topic>/done/", basket.done, name="done"),
    path("files/<uid:file>/", files.file, name="file"),
    path("lines/<uid:line>/may-leave/", leaving.may_leave, name="may-leave"),
    path("from-the-groups/<uid:programme>/", leaving.released, name="released"),
]
