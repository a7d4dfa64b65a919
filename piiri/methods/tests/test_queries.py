"""The shelf of methods."""

from django.utils import translation

from piiri.methods import queries, shelf


def test_method_names_are_28_in_three_languages():
    assert len(queries.method_names()) == 28
    assert all(set(name) == {"en", "fi", "sv"} for name in shelf.names().values())


def test_method_name_is_in_the_readers_language_and_empty_for_the_unknown():
    with translation.override("sv"):
        assert queries.method_name("M08").startswith("Kollegial")
    assert queries.method_name("M99") == ""
