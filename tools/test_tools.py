"""The tools that CI would not otherwise walk through."""

import subprocess
import sys
from pathlib import Path

import pytest
from cluster import answers, private_server, programs


@pytest.mark.skipif(programs() is None, reason="PostgreSQL is not installed")
def test_private_server_starts_and_leaves_nothing_behind(tmp_path, monkeypatch):
    tmp_path.chmod(0o755)
    monkeypatch.setattr("tempfile.tempdir", "/tmp")
    before = set(Path("/tmp").glob("piiri-postgres-*"))

    with private_server() as address:
        stood = answers(address)

    assert stood
    assert not answers(address)
    assert set(Path("/tmp").glob("piiri-postgres-*")) <= before


@pytest.mark.parametrize(("words", "code"), [(["help"], 0), (["nonsense"], 2), (["bench", "nonsense"], 2)])
def test_run_answers_at_once_what_it_cannot_do(words, code):
    run = Path(__file__).resolve().parents[1] / "run"

    assert subprocess.run([run, *words], capture_output=True, check=False).returncode == code


def test_failing_test_fails_the_round(tmp_path):
    (tmp_path / "test_it.py").write_text("def test_it():\n    assert False\n")
    script = "import sys; sys.path.insert(0, 'tools'); import test; print(test.part('tools', sys.argv[1:]))"
    command = [
        sys.executable,
        "-c",
        script,
        "-n0",
        "-p",
        "no:cacheprovider",
        "--rootdir",
        tmp_path,
        "-c",
        "/dev/null",
    ]

    done = subprocess.run([*command, tmp_path], capture_output=True, text=True, check=False)

    assert done.stdout.strip().endswith("(1, {'passed': 0, 'failed': 1, 'skipped': 0})")
