"""Merkle trees as RFC 6962 (2.1) defines them: pure arithmetic over bytes.

Leaves and nodes are hashed with another first byte, so that no node can pass for a leaf.
"""

import hashlib
from collections.abc import Sequence

LEAF, NODE = b"\x00", b"\x01"


def leaf_hash(data: bytes) -> bytes:
    """The hash of one leaf: SHA-256 over 0x00 and its data."""
    return hashlib.sha256(LEAF + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of what stands above two hashes: SHA-256 over 0x01 and both."""
    return hashlib.sha256(NODE + left + right).digest()


def _level_above(level: Sequence[bytes]) -> list[bytes]:
    """Pairs become nodes; a last one without a neighbour goes up as it is, which gives the tree of RFC 6962."""
    above = [node_hash(level[place], level[place + 1]) for place in range(0, len(level) - 1, 2)]
    if len(level) % 2:
        above.append(level[-1])
    return above


def root(leaves: Sequence[bytes]) -> bytes:
    """The root over leaf hashes, oldest first; of no leaves it is SHA-256 of nothing."""
    if not leaves:
        return hashlib.sha256().digest()
    level = list(leaves)
    while len(level) > 1:
        level = _level_above(level)
    return level[0]


def path(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """The hashes by which the root follows from one leaf, nearest first. Raises IndexError."""
    if not 0 <= index < len(leaves):
        raise IndexError(index)
    found, level = [], list(leaves)
    while len(level) > 1:
        if index ^ 1 < len(level):
            found.append(level[index ^ 1])
        level, index = _level_above(level), index // 2
    return found


def root_from(leaf: bytes, index: int, count: int, hashes: Sequence[bytes]) -> bytes | None:
    """The root that follows from a leaf at this index among so many, by its path; None when the path does not fit."""
    if not 0 <= index < count:
        return None
    found, left = leaf, list(hashes)
    while count > 1:
        if index ^ 1 < count:
            if not left:
                return None
            other = left.pop(0)
            found = node_hash(other, found) if index % 2 else node_hash(found, other)
        index, count = index // 2, (count + 1) // 2
    return None if left else found
