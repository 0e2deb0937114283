"""A store is probed once, and again when it moved or more is asked of it."""

from pathlib import Path

from tests.services.openstack import Swift
from wiazka.catalogue.catalogue import Catalogue
from wiazka.settings_of_stores import Retention, S3Store
from wiazka.stores.base import Capabilities
from wiazka.stores.opening import open_store
from wiazka.stores.remembering import Anew, remembered

SEEN = Capabilities(refuses_wrong_bytes=True, returns_digest=False, conditional_put=True)


class Probing:
    """A probe that counts."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> Capabilities:
        self.times += 1
        return SEEN


def memory(tmp_path: Path) -> Catalogue:
    return Catalogue.open(f"sqlite:///{tmp_path / 'catalogue.sqlite'}")


def test_what_was_seen_is_seen_by_the_next_process(tmp_path: Path) -> None:
    probe = Probing()
    with memory(tmp_path) as catalogue:
        assert remembered(catalogue, "nas", "here", probe) == SEEN
    with memory(tmp_path) as catalogue:
        assert remembered(catalogue, "nas", "here", probe) == SEEN
    assert probe.times == 1


def test_a_store_that_moved_is_probed_again(tmp_path: Path) -> None:
    probe = Probing()
    with memory(tmp_path) as catalogue:
        remembered(catalogue, "nas", "here", probe)
        remembered(catalogue, "nas", "there", probe)
        assert probe.times == 2
        kept = catalogue.probe("nas")
    assert kept is not None
    assert kept.place == "there"


def test_what_an_older_wiazka_looked_for_is_looked_for_anew(tmp_path: Path) -> None:
    probe = Probing()
    with memory(tmp_path) as catalogue:
        remembered(catalogue, "nas", "here", probe)
        kept = catalogue.probe("nas")
        assert kept is not None
        catalogue.keep_probe("nas", "here", kept.at, '{"refuses_wrong_bytes": true}')
        assert remembered(catalogue, "nas", "here", probe) == SEEN
    assert probe.times == 2


def test_who_asks_anew_still_leaves_it_to_the_others(tmp_path: Path) -> None:
    probe = Probing()
    with memory(tmp_path) as catalogue:
        remembered(catalogue, "nas", "here", probe)
        remembered(Anew(catalogue), "nas", "here", probe)
        remembered(catalogue, "nas", "here", probe)
    assert probe.times == 2


def test_a_bucket_remembers_and_a_lock_asks_again(
    tmp_path: Path, swift: Swift, bucket: str
) -> None:
    settings = S3Store(kind="s3", bucket=bucket, endpoint=swift.endpoint, region="us-east-1")
    with memory(tmp_path) as catalogue:
        seen = open_store("s3", settings, catalogue).capabilities()
        first = catalogue.probe("s3")
        assert first is not None
        assert open_store("s3", settings, catalogue).capabilities() == seen
        locked = settings.model_copy(update={"lock": Retention(mode="governance", days=1)})
        open_store("s3", locked, catalogue).capabilities()
        again = catalogue.probe("s3")
    assert again is not None
    assert again.place != first.place
