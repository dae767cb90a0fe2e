"""A sealed value opens only whole, only in its own place and only with its own key."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wijkteam.keys.ring import Key, KeyRing, Purpose, WrongKeyRing, problem_with
from wijkteam.keys.sealing import CannotOpen, Place, blind_index, blind_indexes, header_of, open_sealed, seal

HERE = Place("resident", "bsn_sealed", "row1")


@pytest.fixture
def ring(tmp_path: Path) -> KeyRing:
    made = KeyRing(tmp_path / "apart" / "key_ring")
    assert made.begin()
    return made


@given(text=st.text())
def test_what_was_sealed_opens_as_it_was(ring: KeyRing, text: str) -> None:
    sealed = seal(ring, HERE, text)
    assert open_sealed(ring, HERE, sealed) == text
    assert seal(ring, HERE, text) != sealed, "the same text never looks the same twice"


def test_every_single_flipped_bit_is_noticed(ring: KeyRing) -> None:
    sealed = seal(ring, HERE, "123456782")
    for bit in range(len(sealed) * 8):
        altered = bytearray(sealed)
        altered[bit // 8] ^= 1 << bit % 8
        with pytest.raises(CannotOpen):
            open_sealed(ring, HERE, bytes(altered))


@given(cut=st.integers(0, 45), junk=st.binary(max_size=80))
def test_a_piece_of_it_or_something_else_does_not_open(ring: KeyRing, cut: int, junk: bytes) -> None:
    for wrong in (seal(ring, HERE, "123456782")[:cut], junk):
        with pytest.raises(CannotOpen):
            open_sealed(ring, HERE, wrong)


@given(table=st.text(max_size=9), column=st.text(max_size=9), row=st.text(max_size=9))
def test_it_opens_in_no_other_row_column_or_table(ring: KeyRing, table: str, column: str, row: str) -> None:
    sealed = seal(ring, HERE, "123456782")
    for other in (
        Place(table, "bsn_sealed", "row1"),
        Place("resident", column, "row1"),
        Place("resident", "bsn_sealed", row),
    ):
        if other != HERE:
            with pytest.raises(CannotOpen):
                open_sealed(ring, other, sealed)


def test_a_key_with_another_secret_of_the_same_name_opens_nothing(ring: KeyRing, tmp_path: Path) -> None:
    sealed = seal(ring, HERE, "123456782")
    path = ring.path or tmp_path
    other = KeyRing(tmp_path / "other")
    other.begin()
    secrets = (tmp_path / "other").read_text()
    mine = ring.newest(Purpose.DATA).id
    (tmp_path / "other").write_text(secrets.replace(other.newest(Purpose.DATA).id, mine))
    with pytest.raises(CannotOpen):
        open_sealed(KeyRing(tmp_path / "other"), HERE, sealed)
    assert path.exists()


@given(one=st.text(), other=st.text())
def test_a_blind_index_tells_equal_from_unequal_and_nothing_else(ring: KeyRing, one: str, other: str) -> None:
    assert (blind_index(ring, one) == blind_index(ring, other)) == (one == other)
    if len(one) > 8:
        assert one not in blind_index(ring, one)


def test_under_another_index_key_equal_numbers_have_nothing_in_common(ring: KeyRing) -> None:
    before = blind_index(ring, "123456782")
    ring.add(Purpose.INDEX)
    after = blind_index(ring, "123456782")
    assert after.partition(":")[2] != before.partition(":")[2]
    assert blind_indexes(ring, "123456782") == [before, after], "while rows are rewritten they are found under both"


def test_a_new_key_writes_at_once_also_for_who_had_the_ring_open(ring: KeyRing) -> None:
    server = KeyRing(ring.path)
    old = seal(server, HERE, "123456782")
    added = ring.add(Purpose.DATA)
    assert seal(server, HERE, "123456782").startswith(header_of(added.id))
    assert open_sealed(server, HERE, old) == "123456782", "what an older key sealed can still be read"


def test_a_retired_key_opens_nothing_until_it_is_taken_back(ring: KeyRing) -> None:
    sealed, old = seal(ring, HERE, "123456782"), ring.newest(Purpose.DATA)
    ring.add(Purpose.DATA)
    ring.mark(old.id, datetime(2026, 1, 1, tzinfo=UTC))
    with pytest.raises(CannotOpen):
        open_sealed(ring, HERE, sealed)
    ring.mark(old.id, None)
    assert open_sealed(ring, HERE, sealed) == "123456782"


def test_only_its_owner_can_read_the_file_and_a_file_that_others_can_read_is_refused(ring: KeyRing) -> None:
    assert ring.path is not None and ring.path.stat().st_mode & 0o777 == 0o600
    ring.add(Purpose.INDEX)
    assert ring.path.stat().st_mode & 0o777 == 0o600
    assert problem_with(ring) is None
    for mode in (0o640, 0o604, 0o666):
        ring.path.chmod(mode)
        assert "chmod 600" in str(problem_with(KeyRing(ring.path)))
        assert problem_with(ring) is not None, "also when it was opened before"


@pytest.mark.parametrize(
    "content", [b"", b"\n", b"{}\n", b"[1]\n", b"not json\n", b"\xff\xfe\n", b'{"id": "x", "secret": "AAAA"}\n', b"7\n"]
)
def test_a_file_that_is_no_key_ring_gives_one_line_without_what_stands_in_it(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "key_ring"
    path.write_bytes(content)
    path.chmod(0o600)
    said = str(problem_with(KeyRing(path)))
    assert str(path) in said and "\n" not in said and "AAAA" not in said


def test_a_missing_ring_and_a_ring_that_is_not_set_are_told_in_one_line(tmp_path: Path) -> None:
    assert "wijkteam keys new" in str(problem_with(KeyRing(tmp_path / "nowhere" / "key_ring")))
    assert "WIJKTEAM_KEY_RING_FILE" in str(problem_with(KeyRing()))
    (tmp_path / "file").write_text("")
    with pytest.raises(WrongKeyRing):
        KeyRing(tmp_path / "file" / "key_ring").begin()
    (tmp_path / "folder").mkdir()
    assert problem_with(KeyRing(tmp_path / "folder")) is not None


def test_a_secret_is_in_no_text_of_a_key(ring: KeyRing) -> None:
    for key in ring.all_keys():
        assert repr(key.secret) not in repr(key) and key.secret.hex() not in str(key)
        assert isinstance(key, Key)


@settings(max_examples=10)
@given(text=st.text(min_size=1))
def test_a_ring_is_made_once(ring: KeyRing, text: str) -> None:
    sealed = seal(ring, HERE, text)
    assert not KeyRing(ring.path).begin()
    assert open_sealed(KeyRing(ring.path), HERE, sealed) == text
    assert ring.path is not None and [each.name for each in ring.path.parent.iterdir()] == ["key_ring"], (
        "nothing is left lying beside it"
    )
