import pytest

from piiri.people import codes


def test_new_code_is_six_digits_and_differs():
    made = {codes.new_code() for _ in range(50)}

    assert all(len(code) == 6 and code.isdigit() for code in made)
    assert len(made) > 40


def test_fits_is_bound_to_the_request():
    kept = codes.hash_of("012345", uid="a")

    assert codes.fits("012345", uid="a", kept=kept)
    assert not codes.fits("012346", uid="a", kept=kept)
    assert not codes.fits("012345", uid="b", kept=kept)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8::1", "2001:db8::ffff", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("", "unix:", True),
    ],
)
def test_network_hash_joins_neighbours_of_an_ipv6_network(one, other, same):
    assert (codes.network_hash(one) == codes.network_hash(other)) is same
