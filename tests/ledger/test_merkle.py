"""The tree of RFC 6962: against its published vectors, and a naive writing down of its text."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wiazka.catalogue import merkle

# The vectors of Certificate Transparency: eight leaves, and the root after each.
LEAVES = [
    bytes.fromhex(leaf)
    for leaf in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)


def naive(leaves: list[bytes]) -> bytes:
    """RFC 6962 2.1, word for word."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0]).digest()
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return sha256(b"\x01" + naive(leaves[:k]) + naive(leaves[k:])).digest()


def node_of(leaves: list[bytes]) -> merkle.Node:
    def node(level: int, position: int) -> bytes:
        whole = leaves[position << level : (position + 1) << level]
        assert len(whole) == 1 << level, "only whole subtrees are asked for"
        return naive(whole)

    return node


def some(count: int) -> list[bytes]:
    return [str(number).encode() for number in range(count)]


@pytest.mark.parametrize("count", range(1, 9))
def test_the_roots_are_those_of_certificate_transparency(count: int) -> None:
    growing = merkle.Growing()
    for leaf in LEAVES[:count]:
        growing.add(merkle.leaf(leaf))
    assert growing.root.hex() == ROOTS[count - 1]
    assert merkle.root(count, node_of(LEAVES)).hex() == ROOTS[count - 1]


def test_a_proof_of_inclusion_is_that_of_certificate_transparency() -> None:
    path = merkle.inclusion(0, 8, node_of(LEAVES))
    assert [one.hex() for one in path] == [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]


def test_the_empty_tree_has_the_root_of_nothing() -> None:
    assert merkle.Growing().root == merkle.root(0, node_of([])) == naive([])


@given(st.lists(st.binary(max_size=5), max_size=70))
def test_a_growing_tree_has_the_root_of_the_text(leaves: list[bytes]) -> None:
    growing = merkle.Growing()
    for leaf in leaves:
        growing.add(merkle.leaf(leaf))
    assert growing.root == naive(leaves) == merkle.root(len(leaves), node_of(leaves))


@given(st.integers(1, 80), st.data())
def test_every_leaf_is_proved_and_no_other_place_size_leaf_or_root_is(
    count: int, data: st.DataObject
) -> None:
    index = data.draw(st.integers(0, count - 1))
    leaves = some(count)
    root, path = naive(leaves), merkle.inclusion(index, count, node_of(leaves))
    own = merkle.leaf(leaves[index])
    assert merkle.includes(own, index, count, path, root)
    assert not merkle.includes(merkle.leaf(b"another"), index, count, path, root)
    assert not merkle.includes(own, index, count, path, naive([*leaves, b"more"]))
    for other in range(-1, count + 2):
        assert other == index or not merkle.includes(own, other, count, path, root)
    assert not merkle.includes(own, index, count, (*path, root), root)
    assert not merkle.includes(own, index, count, (root, *path), root)
    for place in range(len(path)):
        assert not merkle.includes(own, index, count, path[:place] + path[place + 1 :], root)
        bit = data.draw(st.integers(0, 255))
        changed = bytearray(path[place])
        changed[bit // 8] ^= 1 << bit % 8
        mutated = (*path[:place], bytes(changed), *path[place + 1 :])
        assert not merkle.includes(own, index, count, mutated, root)


@given(st.integers(1, 80), st.data())
def test_any_two_sizes_are_proved_to_go_on_and_nothing_else_is(
    count: int, data: st.DataObject
) -> None:
    old = data.draw(st.integers(1, count))
    leaves = some(count)
    was, now = naive(leaves[:old]), naive(leaves)
    path = merkle.consistency(old, count, node_of(leaves))
    assert merkle.continues(old, was, count, now, path)
    rewritten = naive([b"another", *leaves[1:old]])
    assert not merkle.continues(old, rewritten, count, now, path)
    assert not merkle.continues(old, was, count, naive([b"another", *leaves[1:]]), path)
    assert not merkle.continues(old, was, count, now, (*path, now))
    assert not merkle.continues(0, was, count, now, path)
    assert not merkle.continues(count + 1, was, count, now, path)
    for place in range(len(path)):
        assert not merkle.continues(old, was, count, now, path[:place] + path[place + 1 :])
        bit = data.draw(st.integers(0, 255))
        changed = bytearray(path[place])
        changed[bit // 8] ^= 1 << bit % 8
        mutated = (*path[:place], bytes(changed), *path[place + 1 :])
        assert not merkle.continues(old, was, count, now, mutated)
