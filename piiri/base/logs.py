"""Logs: one line of JSON a happening, on stderr, with ids and counts only."""

import json
import logging
import sys
import traceback
from datetime import UTC, datetime

import structlog

OUTSPOKEN = ("uvicorn",)


class Sparing(logging.Formatter):
    """Lines of foreign libraries: the sentence without what was filled in, the error without its text.

    What fills a sentence or explains an error may be an address, a path with a secret or a value.
    """

    def format(self, record: logging.LogRecord) -> str:
        outspoken = record.name.startswith(OUTSPOKEN)
        line: dict[str, object] = {
            "event": record.getMessage() if outspoken else str(record.msg),
            "logger": record.name,
            "level": record.levelname.lower(),
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        }
        if status := getattr(record, "status_code", None):
            line["status"] = status
        match = getattr(getattr(record, "request", None), "resolver_match", None)
        if match:
            line["route"] = match.route
        if record.exc_info and record.exc_info[1]:
            line |= error_facts(record.exc_info[1])
        return json.dumps(line)


def error_facts(error: BaseException) -> dict[str, object]:
    """What is told of an error: its kind and where it happened, never its text."""
    frames = traceback.extract_tb(error.__traceback__)
    where = [f"{frame.filename.rsplit('/site-packages/')[-1]}:{frame.lineno}" for frame in frames[-6:]]
    return {"error": type(error).__name__, "where": where}


def tell_error(event: str, error: BaseException, **facts: object) -> None:
    """Log that something went wrong, sparing the error's text."""
    structlog.get_logger().error(event, **facts, **error_facts(error))


def configure(level: int = logging.INFO) -> None:
    """Send everything to stderr as JSON. Called once by whatever starts a process."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Sparing())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
    )
