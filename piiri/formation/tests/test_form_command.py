import gzip
import json
import os
import signal
import subprocess
import sys
from dataclasses import replace

import pytest
from django.core.management import CommandError, call_command

from piiri.formation.problem import digest, self_run_offers, to_json
from piiri.formation.scoring import score
from piiri.formation.tests.crowds import crowd

PIIRI = [sys.executable, "-m", "piiri.cli", "form"]
LONG_ENOUGH = 90  # seconds that no search here is left alone for


def written(problem, path):
    path.write_text(json.dumps(to_json(problem)))
    return path


def form(path, *words, name="answer.json"):
    """The answer that the command writes."""
    out = path.parent / name
    call_command("form", str(path), "-o", str(out), *words)
    raw = out.read_bytes()
    return json.loads(gzip.decompress(raw) if name.endswith(".gz") else raw)


def started(path, out):
    """A long search in a process of its own that has found something."""
    process = subprocess.Popen(
        [*PIIRI, path, "-o", out, "--seconds", str(LONG_ENOUGH), "--progress"],
        stderr=subprocess.PIPE,
        text=True,
    )
    line = process.stderr.readline()
    assert "cost" in line, line + process.stderr.read()
    return process


def test_form_writes_what_it_found_and_what_it_costs(tmp_path):
    problem = crowd(24)

    found = form(written(problem, tmp_path / "question.json"), "--work", "100", "--seed", "7")

    judged = score(problem, found["assignment"])
    assert judged.violations == []
    assert (found["cost"], found["parts"]) == (judged.cost, judged.parts)
    assert (found["format"], found["seed"], found["digest"]) == ("mgf-2", 7, digest(problem))
    assert found["bound"] <= found["cost"]
    assert found["version"]
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_form_reads_and_writes_gzip(tmp_path):
    path = tmp_path / "question.json.gz"
    path.write_bytes(gzip.compress(json.dumps(to_json(crowd(16))).encode()))

    assert len(form(path, "--work", "50", name="answer.json.gz")["assignment"]) == 16


def test_form_proves_a_bound_when_asked(tmp_path):
    path = written(crowd(60), tmp_path / "question.json")

    found = form(path, "--work", "200", "--bound")

    assert 0 < found["bound"] <= found["cost"]
    assert form(path, "--work", "200", "--bound") == found


def test_form_pairs_people_when_the_question_says_so(tmp_path):
    problem = crowd(20)
    offers = [replace(one, lower=1, upper=1) for one in problem.groups]
    path = written(replace(problem, groups=offers, mode="pairs"), tmp_path / "pairs.json")

    found = form(path)

    assert found["proven_best"]
    assert sum(group is not None for group in found["assignment"].values()) > 1


def test_form_says_which_offer_is_no_pair(tmp_path):
    path = written(replace(crowd(8), mode="pairs"), tmp_path / "pairs.json")

    with pytest.raises(CommandError, match=r"groups\[0\]") as caught:
        form(path)

    assert caught.value.returncode == 2


def test_form_mixes_people_in_groups_that_run_themselves(tmp_path):
    problem = replace(crowd(48), groups=[], mode="diverse")

    found = form(written(problem, tmp_path / "question.json"), "--work", "400")

    judged = score(self_run_offers(problem), found["assignment"])
    placed = {group for group in found["assignment"].values() if group}
    assert judged.violations == []
    assert (found["cost"], found["digest"]) == (judged.cost, digest(problem))
    assert {group["id"] for group in found["groups"]} == placed
    assert {(group["mentor"], group["theme"]) for group in found["groups"]} == {(None, "")}
    assert sum(group is not None for group in found["assignment"].values()) >= 40


def changed(**keys):
    return lambda data: data.update(keys)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (changed(participants=[]), "participants"),
        (changed(format="csv"), "format"),
        (changed(mode=7), "mode"),
        (changed(pinned={"p0": "g99"}), "pinned"),
        (changed(together=[["p0", "p99"]]), r"together\[0\]"),
        (lambda data: data["groups"][1].update(lower=9, upper=4), r"groups\[1\]\.lower"),
        (lambda data: data["groups"][1].update(mentor="m99"), r"groups\[1\]\.mentor"),
        (lambda data: data["participants"].append(data["participants"][0]), r"participants\[8\]\.id"),
        (lambda data: data["participants"][2].update(themes="calm"), r"participants\[2\]\.themes"),
        (lambda data: data["participants"][2].update(experienced="yes"), r"participants\[2\]\.experienced"),
        (lambda data: data["mentors"][0].pop("org"), r"mentors\[0\]\.org"),
        (lambda data: data["weights"].update(friend_apart=-1), r"weights\.friend_apart"),
        (lambda data: data.pop("slots"), "slots"),
    ],
)
def test_form_names_the_field_that_is_wrong_and_writes_nothing(tmp_path, change, field):
    data = to_json(crowd(8))
    change(data)
    path = tmp_path / "question.json"
    path.write_text(json.dumps(data))

    with pytest.raises(CommandError, match=f"^{field}: .*[.]$") as caught:
        form(path)

    assert caught.value.returncode == 2
    assert [one.name for one in tmp_path.iterdir()] == ["question.json"]


@pytest.mark.parametrize("content", [b"", b"{", b"\x1f\x8bno", b"[" * 100_000, b"\xff\xfe", b"NaN", b"[]"])
def test_form_refuses_what_is_no_question(tmp_path, content):
    path = tmp_path / "question.json"
    path.write_bytes(content)

    with pytest.raises(CommandError) as caught:
        form(path)

    assert caught.value.returncode == 2
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("words", "field"),
    [
        (["--seconds", "1", "--work", "1"], "--work"),
        (["--seconds", "0"], "--seconds"),
        (["--seconds", "nan"], "--seconds"),
        (["--work", "-1"], "--work"),
        (["-o", "/nowhere/answer.json"], "--output"),
        (["-o", "."], "--output"),
    ],
)
def test_form_names_the_option_that_is_wrong(tmp_path, words, field):
    with pytest.raises(CommandError, match=f"^{field}: ") as caught:
        form(written(crowd(8), tmp_path / "question.json"), *words)

    assert caught.value.returncode == 2


def test_form_without_its_question_says_so_in_one_sentence(tmp_path):
    words = [tmp_path / "none.json", "-o", tmp_path / "answer.json"]

    result = subprocess.run([*PIIRI, *words], capture_output=True, text=True, check=False)

    assert result.returncode == 2
    assert len(result.stderr.strip().splitlines()) == 1
    assert "none.json: cannot be read" in result.stderr


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_form_interrupted_writes_the_best_so_far(tmp_path, how):
    problem, out = crowd(150), tmp_path / "answer.json"
    process = started(written(problem, tmp_path / "question.json"), out)

    process.send_signal(how)
    process.communicate(timeout=LONG_ENOUGH)

    found = json.loads(out.read_text())
    judged = score(problem, found["assignment"])
    assert process.returncode == 0
    assert (judged.violations, judged.cost) == ([], found["cost"])
    assert any(found["assignment"].values())


def test_form_killed_leaves_the_old_answer_alone(tmp_path):
    out = tmp_path / "answer.json"
    out.write_text("old")
    process = started(written(crowd(150), tmp_path / "question.json"), out)

    process.kill()
    process.communicate(timeout=LONG_ENOUGH)

    assert out.read_text() == "old"
    assert {one.name for one in tmp_path.iterdir()} == {"question.json", "answer.json"}


def test_form_with_work_gives_the_same_on_one_core_and_on_all(tmp_path):
    path = written(crowd(150), tmp_path / "question.json")
    here = form(path, "--work", "300")
    out, cores = tmp_path / "one.json", os.sched_getaffinity(0)

    os.sched_setaffinity(0, {min(cores)})  # what is started now stays on it
    try:
        subprocess.run([*PIIRI, path, "-o", out, "--work", "300"], capture_output=True, check=True)
    finally:
        os.sched_setaffinity(0, cores)

    assert json.loads(out.read_text()) == here == form(path, "--work", "300")
