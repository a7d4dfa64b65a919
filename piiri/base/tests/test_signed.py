from piiri.base import signed


def test_signature_is_sixteen_characters_of_an_address():
    assert len(signed.signature("a", "b")) == signed.LENGTH
    assert signed.signature("a", "b").isalnum()


def test_fits_only_what_was_signed_for_this_purpose():
    made = signed.signature("join", "uid", 1)

    assert signed.fits(made, "join", "uid", 1)
    assert not signed.fits(made, "join", "uid", 2)
    assert not signed.fits(made, "leave", "uid", 1)
    assert not signed.fits("é" * 16, "join", "uid", 1)


def test_fits_knows_keys_that_were_in_use_before(settings):
    made = signed.signature("join", "uid")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "a new key that is long enough for everybody to trust it"

    assert signed.fits(made, "join", "uid")
    assert signed.signature("join", "uid") != made
