"""What verify_receipt.py computes, beside those who compute the same another way."""

from base64 import b64encode

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from wiazka.catalogue import merkle
from wiazka.ledger import verify_receipt


@given(st.integers(1, 70), st.integers(1, 70), st.data())
def test_its_consistency_is_that_of_the_tree(old: int, more: int, data: st.DataObject) -> None:
    count = old + more
    leaves = [merkle.leaf(bytes([number])) for number in range(count)]
    roots = []
    growing = merkle.Growing()
    for leaf in leaves:
        growing.add(leaf)
        roots.append(growing.root)

    def node(level: int, position: int) -> bytes:
        whole = merkle.Growing()
        for leaf in leaves[position << level : (position + 1) << level]:
            whole.add(leaf)
        return whole.root

    path = list(merkle.consistency(old, count, node))

    def joins(path: list[bytes]) -> bool:
        coded = [b64encode(one).decode() for one in path]
        ends = (old, roots[old - 1]), (count, roots[count - 1])
        return verify_receipt.joins({"path": coded}, *ends)

    assert joins(path)
    place = data.draw(st.integers(0, len(path) - 1))
    assert not joins([*path[:place], bytes(32), *path[place + 1 :]])
    assert not joins(path[:place])
    assert not joins([*path, bytes(32)])


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=50), st.integers(0, 511))
def test_its_signatures_are_those_of_cryptography(seed: bytes, message: bytes, bit: int) -> None:
    key = Ed25519PrivateKey.from_private_bytes(seed)
    public, signature = key.public_key().public_bytes_raw(), key.sign(message)
    assert verify_receipt.ed25519(public, message, signature)
    assert not verify_receipt.ed25519(public, message + b"x", signature)
    changed = bytearray(signature)
    changed[bit // 8] ^= 1 << bit % 8
    assert not verify_receipt.ed25519(public, message, bytes(changed))


@given(st.binary(min_size=32, max_size=32), st.binary(min_size=64, max_size=64))
def test_what_cryptography_refuses_it_refuses(public: bytes, signature: bytes) -> None:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, b"m")
        right = True
    except (InvalidSignature, ValueError):
        right = False
    assert verify_receipt.ed25519(public, b"m", signature) is right


def test_the_first_vector_of_rfc_8032() -> None:
    public = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
    signature = (
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
        "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
    )
    assert verify_receipt.ed25519(bytes.fromhex(public), b"", bytes.fromhex(signature))
