"""Helpers of every door: which right it stands under, who may pass, what comes back."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.http import url_has_allowed_host_and_scheme

CHANNELS = ("page", "api", "stream", "file", "feed", "export", "mail", "work", "command")

View = Callable[..., HttpResponseBase]


def door(row: str, *, channel: str = "page") -> Callable[[View], View]:
    """Declare which row of docs/permissions.csv a view stands under.

    A test lists every address of the running code and fails on a view without this.
    """
    if channel not in CHANNELS:
        raise ValueError(f"{channel} is no channel")

    def declare(view: View) -> View:
        @wraps(view)
        def through(*args: Any, **kwargs: Any) -> HttpResponseBase:
            return view(*args, **kwargs)

        through.row = row  # type: ignore[attr-defined]
        through.channel = channel  # type: ignore[attr-defined]
        return through

    return declare


def require(allowed: bool) -> None:
    """Answer 403 unless `allowed`: the thing is known to exist, the deed is not this person's."""
    if not allowed:
        raise PermissionDenied


def found(row: Any) -> Any:
    """The row, or the page for things that never were.

    Use with `access.visible_…(person).filter(uid=uid).first()`.
    """
    if row is None:
        raise Http404
    return row


def next_or(request: HttpRequest, default: str) -> str:
    """The posted `next` if it is an address of ours, else `default`."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    hosts = {request.get_host()}
    if url_has_allowed_host_and_scheme(asked, allowed_hosts=hosts, require_https=request.is_secure()):
        return asked
    return default


__all__ = ["CHANNELS", "door", "found", "next_or", "require"]
