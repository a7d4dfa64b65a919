"""What tests need beside Python: installed as root, named as missing otherwise."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from cluster import programs, standing_server


def has_postgres() -> bool:
    return (
        bool(os.environ.get("PIIRI_TEST_POSTGRES")) or standing_server() is not None or programs() is not None
    )


CHECKS: dict[str, Callable[[], bool]] = {
    "chromium": lambda: bool(os.environ.get("PIIRI_CHROMIUM") or shutil.which("chromium")),
    "postgresql": has_postgres,
    # Calendar programs that read what Piiri writes.
    "khal": lambda: shutil.which("khal") is not None,
    "vdirsyncer": lambda: shutil.which("vdirsyncer") is not None,
    "gettext": lambda: shutil.which("msgmerge") is not None,
}


def provide(*packages: str) -> list[str]:
    """Install the Debian packages that are missing and return those that still are."""
    missing = [name for name in packages if not CHECKS[name]()]
    if missing and os.geteuid() == 0 and shutil.which("apt-get"):
        print(f"installing {' '.join(missing)}", flush=True)
        log = Path(".cache/apt.log")
        log.parent.mkdir(exist_ok=True)
        install = ["apt-get", "install", "-y", "--no-install-recommends", *missing]
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        with log.open("wb") as output:
            for command in (["apt-get", "update", "-qq"], install):
                subprocess.run(command, stdout=output, stderr=output, env=environment, check=False)
    return [name for name in missing if not CHECKS[name]()]
