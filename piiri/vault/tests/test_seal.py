"""The arithmetic of sealing."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from piiri.vault import seal

SPOT = seal.Spot("group1", "meetings.meeting", "row1", "title")
KEY = seal.new_key()


@given(st.text())
def test_seal_opens_to_the_same_text(text):
    assert seal.unseal(seal.seal(text, key=KEY, spot=SPOT), key=KEY, spot=SPOT) == text


@pytest.mark.parametrize("part", ["holder", "model", "uid", "field"])
def test_unseal_refuses_another_spot(part):
    sealed = seal.seal("Tired of it all", key=KEY, spot=SPOT)

    with pytest.raises(seal.NotOpened):
        seal.unseal(sealed, key=KEY, spot=SPOT._replace(**{part: "other"}))


@pytest.mark.parametrize("damaged", [b"", b"\x01", b"\x02" + b"x" * 60, b"\x01" + b"x" * 60])
def test_unseal_refuses_damaged_bytes(damaged):
    with pytest.raises(seal.NotOpened):
        seal.unseal(damaged, key=KEY, spot=SPOT)


def test_unwrap_refuses_another_holder_and_another_master():
    master = seal.new_key()
    wrapped = seal.wrap(KEY, master=master, holder="group1")

    assert seal.unwrap(wrapped, master=master, holder="group1") == KEY
    for other in ({"master": master, "holder": "group2"}, {"master": seal.new_key(), "holder": "group1"}):
        with pytest.raises(seal.NotOpened):
            seal.unwrap(wrapped, **other)


def test_write_master_key_is_for_its_owner_only_and_never_replaced(tmp_path):
    path = tmp_path / "keys" / "master.key"

    assert seal.write_master_key(path)
    first = seal.read_master_key(path)
    assert not seal.write_master_key(path)
    assert seal.read_master_key(path) == first
    assert os.stat(path).st_mode & 0o777 == 0o600


@pytest.mark.parametrize("content", ["", "not base64!", "c2hvcnQ="])
def test_read_master_key_knows_a_bad_file(tmp_path, content):
    path = tmp_path / "master.key"
    path.write_text(content)

    with pytest.raises(seal.NoMasterKey):
        seal.read_master_key(path)


@given(st.binary(max_size=2000))
def test_seal_bytes_opens_to_the_same_bytes_at_the_same_spot_only(content):
    sealed = seal.seal_bytes(content, key=KEY, spot=SPOT)

    assert seal.unseal_bytes(sealed, key=KEY, spot=SPOT) == content
    with pytest.raises(seal.NotOpened):
        seal.unseal_bytes(sealed, key=KEY, spot=SPOT._replace(field="2/3"))
