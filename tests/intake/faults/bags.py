"""Delivered bags that are none, or not whole; each is sound but for what its name says."""

import unicodedata
from pathlib import Path

from tests.intake.faults import fault
from tests.intake.packing import bagged, rewrite, write_tag_manifest


@fault()
def a_sound_bag(folder: Path) -> None:
    bagged(folder, ("md5", "sha1", "sha256", "sha512"))


@fault("bag-declaration", "checksum-mismatch")
def a_bag_of_an_unknown_version(folder: Path) -> None:
    rewrite(bagged(folder) / "bagit.txt", "1.0", "1.1")


@fault("bag-declaration")
def a_bag_declared_with_a_byte_order_mark(folder: Path) -> None:
    declared = bagged(folder) / "bagit.txt"
    declared.write_bytes(b"\xef\xbb\xbf" + declared.read_bytes())
    write_tag_manifest(folder)


@fault("bag-declaration")
def a_bag_declared_with_blanks_too_many(folder: Path) -> None:
    rewrite(bagged(folder) / "bagit.txt", "BagIt-Version: ", "BagIt-Version :  ")
    write_tag_manifest(folder)


@fault("bag-declaration")
def a_bag_in_another_encoding(folder: Path) -> None:
    rewrite(bagged(folder) / "bagit.txt", "UTF-8", "ISO-8859-2")
    write_tag_manifest(folder)


@fault("bag-file-missing", "bag-oxum")
def a_bag_that_lost_a_text(folder: Path) -> None:
    (bagged(folder) / "data/transcription/pl/0001r.txt").unlink()
    (folder / "data/translation/en/0001r.txt").unlink()


@fault("bag-file-unlisted", "bag-oxum")
def a_bag_with_a_file_too_many(folder: Path) -> None:
    (bagged(folder) / "data/documents").mkdir()
    (folder / "data/documents/letter.txt").write_text("Szanowny Panie")


@fault("bag-file-unlisted")
def a_bag_whose_second_manifest_leaves_a_file_out(folder: Path) -> None:
    manifest = bagged(folder, ("sha256", "sha512")) / "manifest-sha512.txt"
    lines = manifest.read_text("utf-8").splitlines(keepends=True)
    manifest.write_text("".join(lines[1:]), "utf-8")
    for algorithm in ("sha256", "sha512"):
        write_tag_manifest(folder, algorithm)


@fault("checksum-mismatch")
def a_bag_with_a_changed_byte(folder: Path) -> None:
    rewrite(bagged(folder) / "data/transcription/pl/0001r.txt", "minister", "minizter")


@fault("checksum-mismatch")
def a_bag_that_is_wrong_in_its_weaker_manifest_only(folder: Path) -> None:
    manifest = bagged(folder, ("md5", "sha256")) / "manifest-md5.txt"
    text = manifest.read_text("utf-8")
    manifest.write_text(("1" if text[0] == "0" else "0") + text[1:], "utf-8")
    for algorithm in ("md5", "sha256"):
        write_tag_manifest(folder, algorithm)


@fault("checksum-mismatch")
def a_bag_whose_manifest_was_touched(folder: Path) -> None:
    manifest = bagged(folder) / "manifest-sha256.txt"
    manifest.write_text(manifest.read_text("utf-8") + "\n", "utf-8")


@fault("bag-file-missing")
def a_bag_whose_second_manifest_was_deleted(folder: Path) -> None:
    (bagged(folder, ("sha256", "sha512")) / "manifest-sha512.txt").unlink()
    (folder / "tagmanifest-sha512.txt").unlink()


@fault("bag-manifest-missing", "bag-tag-unlisted")
def a_bag_without_manifests(folder: Path) -> None:
    for manifest in bagged(folder).glob("*manifest-*.txt"):
        manifest.unlink()


@fault("bag-tag-manifest")
def a_bag_whose_tag_manifest_leaves_the_manifest_out(folder: Path) -> None:
    tags = bagged(folder) / "tagmanifest-sha256.txt"
    lines = tags.read_text("utf-8").splitlines(keepends=True)
    tags.write_text("".join(line for line in lines if "manifest-" not in line), "utf-8")


@fault("bag-tag-unlisted")
def a_bag_that_lost_a_tag_manifest(folder: Path) -> None:
    (bagged(folder, ("sha256", "sha512")) / "tagmanifest-sha512.txt").unlink()


@fault("bag-tag-unlisted")
def a_bag_that_was_given_a_note(folder: Path) -> None:
    (bagged(folder) / "notes").mkdir()
    (folder / "notes/from_the_donor.txt").write_text("Dla archiwum")


@fault("bag-line")
def a_bag_with_a_line_that_is_none(folder: Path) -> None:
    manifest = bagged(folder) / "manifest-sha256.txt"
    manifest.write_text(manifest.read_text("utf-8") + "data/scans/0001r.tif\n", "utf-8")
    write_tag_manifest(folder)


@fault("bag-line")
def a_bag_with_a_line_that_leads_outside(folder: Path) -> None:
    secret = folder.parent.parent / "bag-evil"
    secret.mkdir()
    (secret / "secret.txt").write_text("not to be read")
    with (bagged(folder) / "manifest-sha256.txt").open("a") as manifest:
        manifest.write(f"{'0' * 64}  data/../../../bag-evil/secret.txt\n")
        manifest.write(f"{'0' * 64}  /etc/passwd\n")
        manifest.write(f"{'0' * 64}  ~/.profile\n")
    write_tag_manifest(folder)


@fault("bag-line", "checksum-mismatch")
def a_bag_with_two_digests_for_a_file(folder: Path) -> None:
    manifest = bagged(folder) / "manifest-sha256.txt"
    name = manifest.read_text("utf-8").splitlines()[0].split("  ")[1]
    manifest.write_text(f"{'0' * 64}  {name}\n" + manifest.read_text("utf-8"), "utf-8")
    write_tag_manifest(folder)


@fault("bag-file-missing", "bag-file-unlisted")
def a_bag_whose_manifest_writes_capitals(folder: Path) -> None:
    rewrite(bagged(folder) / "manifest-sha256.txt", "data/scans/0001r", "data/scans/0001R")
    write_tag_manifest(folder)


@fault("bag-name-written")
def a_bag_made_on_a_mac(folder: Path) -> None:
    text = folder / "transcription/pl"
    (folder / "documents").mkdir()
    (folder / "documents" / unicodedata.normalize("NFC", "pokój.txt")).write_text("List")
    assert text.is_dir()
    manifest = bagged(folder) / "manifest-sha256.txt"
    written = unicodedata.normalize("NFD", manifest.read_text("utf-8"))
    manifest.write_text(written, "utf-8")
    write_tag_manifest(folder)


@fault("bag-name-written")
def a_bag_made_with_md5sum(folder: Path) -> None:
    manifest = bagged(folder, ("md5",)) / "manifest-md5.txt"
    manifest.write_text(manifest.read_text("utf-8").replace("  data", " *./data"), "utf-8")
    write_tag_manifest(folder, "md5")


@fault("bag-not-fetched", "bag-oxum")
def a_bag_that_is_to_be_fetched(folder: Path) -> None:
    (bagged(folder) / "data/transcription/pl/0001r.txt").unlink()
    (folder / "data/translation/en/0001r.txt").unlink()
    (folder / "fetch.txt").write_text(
        "https://example.org/1 - data/transcription/pl/0001r.txt\n"
        "https://example.org/2 120 data/translation/en/0001r.txt\n"
    )
    write_tag_manifest(folder)


@fault("bag-line")
def a_bag_to_be_fetched_to_another_place(folder: Path) -> None:
    (bagged(folder) / "fetch.txt").write_text("https://example.org/1 - data/../../x.txt\nnothing\n")
    write_tag_manifest(folder)


@fault("bag-oxum")
def a_bag_with_another_oxum(folder: Path) -> None:
    rewrite(bagged(folder) / "bag-info.txt", "Payload-Oxum: ", "Payload-Oxum: 1")
    write_tag_manifest(folder)


@fault("bag-algorithm")
def a_bag_with_a_digest_that_nobody_knows(folder: Path) -> None:
    (bagged(folder) / "manifest-blake3.txt").write_text("0  data/x\n")
    write_tag_manifest(folder)


@fault("symlink")
def a_bag_with_a_link_out_of_it(folder: Path) -> None:
    scan = bagged(folder) / "data/translation/en/0001r.txt"
    elsewhere = scan.rename(folder.parent.parent / "elsewhere.txt")
    scan.symlink_to(elsewhere)


@fault()
def a_bag_with_system_files_that_it_lists(folder: Path) -> None:
    (folder / ".DS_Store").write_bytes(b"x")
    bagged(folder)


@fault()
def a_bag_of_an_older_version(folder: Path) -> None:
    rewrite(bagged(folder) / "bagit.txt", "1.0", "0.97")
    write_tag_manifest(folder)


@fault("bag-tag-unlisted")
def a_bag_that_is_described_beside_its_declaration(folder: Path) -> None:
    record = (folder / "record.yaml").read_bytes()
    (folder / "record.yaml").unlink()
    (bagged(folder) / "record.yaml").write_bytes(record)


@fault("name-unsafe")
def a_document_that_would_pass_for_a_bags_wrapping(folder: Path) -> None:
    (folder / "documents/delivered/bag").mkdir(parents=True)
    (folder / "documents/delivered/bag/letter.txt").write_text("List")


@fault("sidecar-missing")
def a_bag_that_only_its_info_describes(folder: Path) -> None:
    (folder / "record.yaml").unlink()
    rewrite(bagged(folder) / "bag-info.txt", "Payload", "External-Description: Note\nPayload")
    write_tag_manifest(folder)


@fault()
def a_bag_whose_info_gives_title_and_source(folder: Path) -> None:
    record = folder / "record.yaml"
    lines = record.read_text("utf-8").splitlines(keepends=True)
    record.write_text("".join(lines[1:2] + lines[3:]), "utf-8")
    info = bagged(folder) / "bag-info.txt"
    with info.open("a") as more:
        more.write("External-Description: Note on the\n  talk\n")
        more.write("Internal-Sender-Identifier: AMSZ, Department II, 30/87, w. 5.\n")
    write_tag_manifest(folder)


@fault()
def a_bag_with_objects_as_archivematica_has_them(folder: Path) -> None:
    (folder / "objects").mkdir()
    for name in ("scans", "transcription", "translation"):
        (folder / name).rename(folder / "objects" / name)
    bagged(folder)


@fault("bag-line")
def a_bag_with_a_manifest_that_is_not_utf8(folder: Path) -> None:
    (folder / "documents").mkdir()
    (folder / "documents/łódź.txt").write_text("List")
    manifest = bagged(folder) / "manifest-sha256.txt"
    manifest.write_bytes(manifest.read_text("utf-8").encode("iso8859_2"))
    write_tag_manifest(folder)


def with_a_percent_sign(folder: Path) -> Path:
    """A bag of the folder with a file in it that is kept under another name."""
    (folder / "documents").mkdir()
    (folder / "documents/100%.txt").write_text("List")
    return bagged(folder)


@fault("name-changed")
def a_bag_with_a_percent_sign_in_a_name(folder: Path) -> None:
    with_a_percent_sign(folder)


@fault("name-changed")
def a_bag_with_a_percent_sign_as_the_standard_writes_it(folder: Path) -> None:
    rewrite(with_a_percent_sign(folder) / "manifest-sha256.txt", "100%.txt", "100%25.txt")
    write_tag_manifest(folder)


@fault("name-changed")
def a_bag_with_a_coded_sign_in_a_name(folder: Path) -> None:
    (folder / "documents").mkdir()
    (folder / "documents/100%25.txt").write_text("List")
    bagged(folder)


@fault("name-changed", "checksum-mismatch")
def a_bag_with_a_changed_byte_in_a_file_with_a_percent_sign(folder: Path) -> None:
    (with_a_percent_sign(folder) / "data/documents/100%.txt").write_text("Lisu")


@fault("name-changed", "bag-file-missing", "bag-oxum")
def a_bag_that_lost_a_file_beside_a_folder_with_another_name(folder: Path) -> None:
    (folder / "documents/100%").mkdir(parents=True)
    for name in ("a.txt", "b.txt"):
        (folder / "documents/100%" / name).write_text(f"List {name}")
    (bagged(folder) / "data/documents/100%/b.txt").unlink()


@fault("name-not-portable", "bag-file-missing", "bag-oxum")
def a_bag_that_lost_a_file_in_a_folder_that_windows_cannot_have(folder: Path) -> None:
    (folder / "documents/con").mkdir(parents=True)
    for name in ("a.txt", "b.txt"):
        (folder / "documents/con" / name).write_text(f"List {name}")
    (bagged(folder) / "data/documents/con/b.txt").unlink()
