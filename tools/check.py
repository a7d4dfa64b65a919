"""`./run check`: every linter and contract; all are run, all failures are shown.

`./run check mypy ruff` runs those only; `./run format` lays out what can be laid out.
"""

import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

BIN = Path(sys.executable).parent
# Written in halves, so that this file does not name what no file may name.
REGISTRY_HOSTS = ["pypi" + ".org", "python" + "hosted", "npm" + "js", "deb" + ".debian", "pack" + "agist"]


def commands() -> dict[str, list[str]]:
    manage = [str(BIN / "python"), "-W", "ignore", "-m", "django"]
    return {
        "mypy": [str(BIN / "mypy")],  # first, for it takes longest
        "ruff format": [str(BIN / "ruff"), "format", "--check", "--output-format=concise", "."],
        "ruff check": [str(BIN / "ruff"), "check", "--output-format=concise", "."],
        "import contracts": [str(BIN / "lint-imports"), "--cache-dir", ".cache/imports"],
        "djangofmt": [str(BIN / "djangofmt"), "--check", *templates()],
        "deptry": [str(BIN / "deptry"), "."],
        "migrations": [*manage, "makemigrations", "--check", "--dry-run"],
        "deployment": [*manage, "check", "--deploy", "--fail-level", "WARNING"],
        "host names": ["git", "grep", "-nIiE", "|".join(name.replace(".", "[.]") for name in REGISTRY_HOSTS)],
    }


def templates() -> list[str]:
    """Pages only: line breaks in a mail are part of it."""
    return sorted(map(str, Path("piiri").glob("*/templates/**/*.html")))


def environment(data: str) -> dict[str, str]:
    """An installation as it should be: behind https, with a key of its own."""
    keys = Path(data) / "keys"
    keys.mkdir()
    (keys / "secret.key").write_text(os.urandom(40).hex())
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "piiri.config.settings",
        "PIIRI_DATA": data,
        "PIIRI_ORIGIN": "https://piiri.example",
        "PIIRI_BEHIND_PROXY": "1",
        "NO_COLOR": "1",
    }


def run(name: str, command: list[str], data: str) -> bool:
    began = time.monotonic()
    with tempfile.TemporaryDirectory(dir=data) as own:
        done = subprocess.run(
            command,
            env=environment(own),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
    # `git grep` succeeds when it finds something, and here there is nothing to be found.
    passed = (done.returncode == 1 and not done.stdout) if command[0] == "git" else done.returncode == 0
    verdict = "ok" if passed else "FAILED"
    print(f"{name:18} {verdict:7} {time.monotonic() - began:5.1f} s", flush=True)
    if not passed:
        print(done.stdout.rstrip(), flush=True)
    return passed


def lay_out() -> int:
    for command in (["ruff", "check", "--fix-only", "--quiet", "."], ["ruff", "format", "--quiet", "."]):
        subprocess.run([BIN / command[0], *command[1:]], check=False)
    return subprocess.run([BIN / "djangofmt", *templates()], check=False).returncode


def main(names: list[str]) -> int:
    """Run the checks named by their beginning ("ruff", "mypy"), or all."""
    if names == ["--fix"]:
        return lay_out()
    chosen = {
        name: command for name, command in commands().items() if not names or name.startswith(tuple(names))
    }
    with tempfile.TemporaryDirectory() as data, ThreadPoolExecutor(2) as pool:
        passed = list(pool.map(lambda item: run(*item, data), chosen.items()))
    print(f"checks: {passed.count(True)} passed, {passed.count(False)} failed")
    return 0 if all(passed) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
