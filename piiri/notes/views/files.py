"""Links and files of a group: the list, putting one in, taking a file home."""

from collections.abc import Iterator
from itertools import chain

from django import forms as django_forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from piiri.base import clock
from piiri.base.doors import door, found
from piiri.base.errors import Refused
from piiri.groups.models import Group
from piiri.notes import access, actions, forms, queries
from piiri.notes.models import Line
from piiri.notes.uploads import InMemory
from piiri.notes.views import around, one_group, open_to, page_of, reader, turned, written
from piiri.vault import queries as vault
from piiri.vault import seal
from piiri.vault.rules import VaultRefusal

# Whatever a file is, no browser runs anything of it.
SHUT = "default-src 'none'; sandbox"


@door("44")
@login_required
@require_http_methods(["GET", "POST"])
def files(request: HttpRequest, group: str) -> HttpResponse:
    """Links and files, newest first; what is posted here is a link."""
    row = one_group(request, group)
    form = forms.LinkForm(request.POST or None)
    if line := written(request, form, actions.write, row, kind=Line.Kind.LINK):
        return redirect(page_of(line))
    return files_page(request, row, link_form=form, file_form=forms.FileForm())


def files_page(
    request: HttpRequest, group: Group, *, link_form: django_forms.Form, file_form: django_forms.Form
) -> HttpResponse:
    """The page with both forms; the one with something to look at again stands open."""
    page = turned(request, open_to(request, queries.things(group)))
    words = around(request, group) | {
        "here": reverse("notes:files", args=[group.uid]),  # also where a file was refused at its own door
        "link_form": link_form,
        "file_form": file_form,
        "page": page,
        "things": queries.showing(page, reader=reader(request)),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "notes/files.html", words, status=status)


@door("45")
@csrf_exempt  # only until the handler of files is chosen; `taken_in` checks
@login_required
@require_POST
def add(request: HttpRequest, group: str) -> HttpResponse:
    """Put a file in."""
    row = one_group(request, group)
    request.upload_handlers = [InMemory(request)]
    return taken_in(request, row)


@csrf_protect
def taken_in(request: HttpRequest, group: Group) -> HttpResponse:
    """Keep the file; whatever is wrong is said beside the field, and the name stays written."""
    form = forms.FileForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            line = actions.put_file(
                group,
                name=form.named(),
                content=form.cleaned_data["file"].read(),
                by=reader(request),
                now=clock.now(),
            )
        except Refused as refusal:
            form.add_error("file", refusal.sentence)
        else:
            return redirect(page_of(line))
    return files_page(request, group, link_form=forms.LinkForm(), file_form=form)


@door("45", channel="file")
@login_required
@require_safe
def file(request: HttpRequest, file: str) -> HttpResponseBase:
    """A file, piece by piece; always to keep, never shown in the browser."""
    rows = access.visible_lines_to_read(reader(request)).select_related("group")
    row: Line = found(rows.filter(uid=file, kind=Line.Kind.FILE).first())
    headers = {
        "Content-Disposition": content_disposition_header(True, str(row.text)) or "attachment",
        "Content-Length": str(row.size),
        "Content-Security-Policy": SHUT,
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
    return StreamingHttpResponse(opened(row), content_type="application/octet-stream", headers=headers)


def opened(line: Line) -> Iterator[bytes]:
    """The file’s pieces. Whatever keeps it from opening is said before the first byte goes out."""
    content = queries.content_of(line)
    try:
        first = next(content)
    except vault.Destroyed:
        raise Refused(VaultRefusal.DESTROYED) from None
    except (seal.NoMasterKey, seal.NotOpened):
        raise Refused(VaultRefusal.SEALED) from None
    return chain([first], content)
