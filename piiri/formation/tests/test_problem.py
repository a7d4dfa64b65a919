import gzip
import json
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from piiri.formation.problem import (
    Hard,
    Mentor,
    Offer,
    Participant,
    Problem,
    ProblemError,
    digest,
    from_json,
    mask_of,
    to_json,
    window_overlaps,
)
from piiri.formation.reasons import WhyNot, explain
from piiri.formation.scoring import common_slots, meeting_slots, score

SHARED = Path(__file__).parents[4] / "shared" / "formation"
needs_shared = pytest.mark.skipif(
    not SHARED.exists(), reason="the shared benchmark is not beside the checkout"
)


def reference():
    """The benchmark's own scorer."""
    spec = spec_from_file_location("mgf_score", SHARED / "score.py")
    module = module_from_spec(spec)
    sys.modules["mgf_score"] = module
    spec.loader.exec_module(module)
    return module


def instance_of(name):
    return json.loads(gzip.decompress((SHARED / "instances" / f"{name}.json.gz").read_bytes()))


def person(name, slots=(0, 1, 2, 3), **more):
    more = {"languages": ["fi"], "regions": ["online"], "themes": ["calm"]} | more
    return Participant(name, mask_of(slots), **more)


def offer(name, mentor="m", **more):
    more = {"theme": "calm", "language": "fi", "region": "online", "lower": 2, "upper": 3} | more
    return Offer(name, mentor, **more)


def problem(people=None, mentors=None, groups=None, **more):
    people = people or [person("a"), person("b"), person("c")]
    mentors = [Mentor("m", mask_of(range(4)))] if mentors is None else mentors
    return Problem(people, mentors, groups or [offer("g")], **{"slots": 4} | more)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (lambda data: data.update(format="mgf-3"), "format"),
        (lambda data: data.update(participants=[]), "participants"),
        (lambda data: data.update(slots=65), "slots"),
        (lambda data: data["weights"].update(open_group=-1), "weights.open_group"),
        (lambda data: data["weights"].pop("rank"), "weights.rank"),
        (lambda data: data["participants"][1].update(id="a"), "participants[1].id"),
        (lambda data: data["participants"][1].update(id=7), "participants[1].id"),
        (lambda data: data["participants"][0].update(available="1f"), "participants[0].available"),
        (lambda data: data["participants"][0].update(available="no"), "participants[0].available"),
        (lambda data: data["participants"][2].update(not_with=["zz"]), "participants[2].not_with"),
        (lambda data: data["participants"][2].update(wants_with="zz"), "participants[2].wants_with"),
        (lambda data: data["participants"][2].update(experienced=1), "participants[2].experienced"),
        (lambda data: data["participants"][2].pop("themes"), "participants[2].themes"),
        (lambda data: data["groups"][0].update(mentor="zz"), "groups[0].mentor"),
        (lambda data: data["groups"][0].update(lower=9, upper=4), "groups[0].lower"),
        (lambda data: data["groups"][0].update(lower=0), "groups[0].lower"),
        (lambda data: data.update(pinned={"a": "zz"}), "pinned"),
        (lambda data: data.update(pinned=["a"]), "pinned"),
        (lambda data: data.update(overlaps=["2", "0", "0", "0"]), "overlaps[0]"),
        (lambda data: data.update(banned={"zz": ["g"]}), "banned"),
        (lambda data: data.update(banned={"a": ["zz"]}), "banned.a"),
        (lambda data: data.update(banned={"a": "g"}), "banned.a"),
        (lambda data: data.update(together=["a", "b"]), "together"),
        (lambda data: data.update(together=[["a", "b"], ["a"]]), "together[1]"),
        (lambda data: data.update(together=[["a", "b", "a"]]), "together[0]"),
        (lambda data: data.update(together=[["a", "zz"]]), "together[0]"),
        (lambda data: data.update(opened=["zz"]), "opened"),
        (lambda data: data.update(closed="g"), "closed"),
        (lambda data: data.update(closed=["g"], opened=["g"]), "closed"),
        (lambda data: data.update(previous={"a": "zz"}), "previous"),
        (lambda data: data.update(previous={"zz": None}), "previous"),
        (lambda data: data.update(stability=-1), "stability"),
        (lambda data: data.update(stability=True), "stability"),
        (lambda data: data.update(mode="best"), "mode"),
        (lambda data: data.update(participants={}), "participants"),
        (lambda data: data["participants"].append("a"), "participants[3]"),
        (lambda data: data["mentors"][0].update(max_groups=-1), "mentors[0].max_groups"),
    ],
)
def test_from_json_names_the_field_that_is_wrong(change, field):
    data = to_json(problem())
    change(data)

    with pytest.raises(ProblemError) as caught:
        from_json(data)

    assert caught.value.field == field
    assert str(caught.value).startswith(f"{field}: ")
    assert str(caught.value).endswith(".")


def test_to_json_and_back_is_the_same_problem():
    asked = problem(
        groups=[offer("g", None), offer("h", co_mentors=("n",))],
        mentors=[Mentor("m", 3), Mentor("n", 5)],
        overlaps=window_overlaps([0, 60, 120, 600], minutes=120),
        pinned={"a": "h"},
    )

    again = from_json(json.loads(json.dumps(to_json(asked))))

    assert to_json(again) == to_json(asked)
    assert digest(again) == digest(asked)


EDITS = {
    "pinned": {"a": "g"}, "banned": {"a": ["g"]}, "together": [["a", "b"]], "opened": ["g"], "closed": ["g"],
    "previous": {"a": "g", "b": None}, "stability": 5, "mode": "pairs", "overlaps": ["3", "3", "4", "8"],
}  # fmt: skip


@pytest.mark.parametrize("key", EDITS)
def test_to_json_says_mgf_2_for_what_mgf_1_cannot_say(key):
    plain = to_json(problem())
    data = plain | {key: EDITS[key]}

    again = from_json(json.loads(json.dumps(data)))

    assert plain["format"] == "mgf-1"
    assert to_json(again) == data | {"format": "mgf-2"}
    assert digest(again) != digest(problem())


def test_window_overlaps_of_touching_windows_is_none():
    assert window_overlaps([0, 60, 120], minutes=120) == (0b011, 0b111, 0b110)


def test_score_finds_every_breach():
    asked = problem(
        people=[
            person("a", not_with=["b"], languages=["sv"]),
            person("b", regions=["Oulu"], themes=["other"]),
            person("c", slots=(3,)),
            person("d"),
        ],
        hard=Hard(2),
        pinned={"d": "h"},
        groups=[offer("g"), offer("h")],
    )

    found = score(asked, dict.fromkeys("abcd", "g"))

    assert {breach[0] for breach in found.violations} == {
        "language", "region", "theme", "not-with", "size", "common-slots", "pinned",
    }  # fmt: skip


def test_score_lists_every_breach_of_an_edit():
    edits = {"banned": {"a": ["g"]}, "together": [["a", "c"], ["a", "b"]], "opened": ["h"], "closed": ["g"]}
    asked = problem(groups=[offer("g"), offer("h")], **edits)

    found = score(asked, {"a": "g", "b": "g"})

    assert found.violations == [
        ["banned", "a", "g"], ["together", "a", "c", "g"], ["closed", "g"], ["opened", "h"],
    ]  # fmt: skip
    assert found.parts["left_closed"] == 10_000


def test_score_counts_who_moved_but_not_who_gets_a_place():
    before = {"a": "g", "b": "h", "c": None, "d": "h"}
    people = [person(name) for name in "abcd"]
    asked = problem(people, groups=[offer("g"), offer("h")], previous=before, stability=7)

    assert score(asked, {"a": "g", "b": "g", "c": "g"}).parts["moved"] == 14
    assert score(asked, before).parts["moved"] == 0
    assert "moved" not in score(problem(), {}).parts


def test_score_wants_slots_that_do_not_overlap_for_groups_of_one_mentor():
    people = [person(name, slots=(0, 1)) for name in "abcd"]
    mentors = [Mentor("m", 0b1111, max_groups=2)]
    groups = [offer("g"), offer("h")]
    seats = {"a": "g", "b": "g", "c": "h", "d": "h"}
    apart = problem(people, mentors, groups)
    overlapping = problem(people, mentors, groups, overlaps=window_overlaps([0, 60, 120, 180], minutes=120))

    assert score(apart, seats).violations == []
    assert sorted(meeting_slots(apart, seats).values()) == [0, 1]
    assert score(overlapping, seats).violations == [["mentor-slots", "g", "h"]]
    assert meeting_slots(overlapping, seats) == {}


def test_common_slots_are_those_of_all_mentors_too():
    asked = problem(
        mentors=[Mentor("m", 0b0111), Mentor("n", 0b1110)],
        groups=[offer("g", co_mentors=["n"]), offer("h", None)],
    )

    assert common_slots(asked, {"a": "g", "b": "g"}) == {"g": [1, 2]}
    assert common_slots(asked, {"a": "h", "b": "h"}) == {"h": [0, 1, 2, 3]}


@needs_shared
@pytest.mark.parametrize("name", ["school30-s1", "city120-s1"])
@pytest.mark.parametrize("pick", [1, 3])
def test_score_equals_the_reference_even_for_nonsense(name, pick):
    ref = reference()
    instance = instance_of(name)
    asked = from_json(instance)
    groups = [None, *(group.id for group in asked.groups)]
    seats = {p.id: groups[(at * pick) % len(groups)] for at, p in enumerate(asked.participants)}

    report, violations = ref.score(instance, {"assignment": seats})
    ours = score(asked, seats)

    assert digest(asked) == ref.digest(instance)
    assert ours.parts == report["parts"]
    assert ours.cost == report["cost"]
    beyond = [breach for breach in ours.violations if breach[0] == "mentor-slots"]
    assert sorted(map(str, ours.violations)) == sorted(map(str, violations + beyond))


@pytest.mark.parametrize(
    ("one", "group", "code"),
    [
        (person("x"), offer("w", theme="other"), WhyNot.NO_GROUP),
        (person("x", languages=["sv"]), offer("w"), WhyNot.NO_GROUP_IN_LANGUAGE),
        (person("x", regions=["Oulu"]), offer("w"), WhyNot.NO_GROUP_IN_PLACE),
        (person("x", slots=()), offer("w"), WhyNot.NO_COMMON_TIME),
        (person("x", not_with=["a"]), offer("w"), WhyNot.OTHER),
        (person("x"), offer("w", upper=2), WhyNot.FULL),
        (person("x"), offer("w"), WhyNot.ELSEWHERE_BETTER),
    ],
)
def test_explain_says_why_not(one, group, code):
    asked = problem([one, person("a", any_theme=True), person("b", any_theme=True)], groups=[group])

    reason = explain(asked, {"a": "w", "b": "w"})["x"]

    assert (reason.group, [(unmet.rank, unmet.code) for unmet in reason.unmet]) == (None, [(1, code)])


def test_explain_counts_who_could_have_come_to_a_group_that_did_not_open():
    people = [person("a", slots=(0, 1)), person("b", slots=(1, 2)), person("c", slots=(3,))]
    asked = problem(people, groups=[offer("g", lower=3)])

    unmet = explain(asked, {})["a"].unmet[0]

    assert (unmet.code, unmet.fitting) == (WhyNot.NOT_OPENED, 2)


def test_explain_tells_what_speaks_for_a_place():
    people = [
        person("a", themes=["first", "calm"], experienced=True, wants_with="b"),
        person("b", slots=(1, 2)),
    ]
    asked = problem(people)

    reason = explain(asked, {"a": "g", "b": "g"})["a"]

    assert (reason.group, reason.rank, reason.theme, reason.common_slots) == ("g", 2, "calm", 2)
    assert (reason.size, reason.experienced, reason.friend) == (2, 1, True)
    assert [(unmet.theme, unmet.code) for unmet in reason.unmet] == [("first", WhyNot.NO_GROUP)]
