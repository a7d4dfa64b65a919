"""Logs tell what happened, never to whom."""

import json
import logging
import sys

from piiri.base import logs


def line(record: logging.LogRecord) -> dict:
    return json.loads(logs.Sparing().format(record))


def test_sparing_leaves_out_what_was_filled_in_and_what_an_error_says():
    try:
        int("eva@example.org")
    except ValueError:
        record = logging.LogRecord(
            "django.request", logging.ERROR, "", 1, "Not found: %s", ("/invite/secret/",), sys.exc_info()
        )
    record.status_code = 404

    told = line(record)

    assert (told["event"], told["status"], told["error"]) == ("Not found: %s", 404, "ValueError")
    assert "test_logs.py" in told["where"][0]
    assert "eva@" not in json.dumps(told)
    assert "secret" not in json.dumps(told)


def test_configure_writes_json_without_the_errors_text(capsys):
    before = logging.getLogger().handlers[:]
    try:
        logs.configure()
        logs.tell_error("work_failed", KeyError("eva@example.org"), row=7)
    finally:
        logging.getLogger().handlers[:] = before
        logs.structlog.reset_defaults()

    told = json.loads(capsys.readouterr().err)
    assert (told["event"], told["row"], told["error"], told["level"]) == (
        "work_failed",
        7,
        "KeyError",
        "error",
    )
