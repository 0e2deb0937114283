"""Documents handed over packed: what is wrong with the packed file itself, or is not."""

import bz2
import io
import os
import shutil
import tarfile
import zipfile
from pathlib import Path

from tests.intake.faults import fault
from tests.intake.packing import bagged, tarred, zipped


@fault()
def a_sound_zip(folder: Path) -> None:
    zipped(folder)


@fault()
def a_sound_zip_without_a_folder_around_it(folder: Path) -> None:
    packed = folder.with_name("note.zip")
    with zipfile.ZipFile(packed, "w") as file:
        for path in folder.rglob("*"):
            file.write(path, path.relative_to(folder))
    shutil.rmtree(folder)


@fault()
def a_sound_bag_in_a_zip(folder: Path) -> None:
    zipped(bagged(folder))


@fault()
def a_sound_tar(folder: Path) -> None:
    tarred(folder)


@fault()
def a_sound_bag_in_a_tar_gz(folder: Path) -> None:
    tarred(bagged(folder), ".tar.gz", "w:gz")


@fault()
def a_sound_tar_xz(folder: Path) -> None:
    tarred(folder, ".txz", "w:xz")


@fault()
def a_sound_tar_bz2(folder: Path) -> None:
    tarred(folder, ".tar.bz2", "w:bz2")


@fault()
def a_zip_that_a_mac_made(folder: Path) -> None:
    packed = zipped(folder)
    with zipfile.ZipFile(packed, "a") as file:
        file.writestr("__MACOSX/._scans", b"x")


@fault()
def a_zip_kept_in_a_document(folder: Path) -> None:
    (folder / "documents").mkdir()
    with zipfile.ZipFile(folder / "documents/letters.zip", "w") as file:
        file.writestr("../letter.txt", "List")


@fault("archive-damaged")
def a_zip_half_copied(folder: Path) -> None:
    packed = zipped(folder)
    packed.write_bytes(packed.read_bytes()[:-300])


@fault("archive-damaged")
def a_zip_with_a_changed_byte(folder: Path) -> None:
    packed = zipped(folder)
    with zipfile.ZipFile(packed) as file:
        info = next(one for one in file.infolist() if one.filename.endswith("0001r.tif"))
    data = bytearray(packed.read_bytes())
    data[info.header_offset + 30 + len(info.filename) + 40] ^= 1
    packed.write_bytes(data)


@fault("archive-damaged")
def a_zip_whose_headers_disagree(folder: Path) -> None:
    packed = zipped(folder)
    packed.write_bytes(packed.read_bytes().replace(b"record.yaml", b"rekord.yaml", 1))


@fault("archive-damaged")
def a_tar_cut_off_between_two_files(folder: Path) -> None:
    packed = tarred(folder)
    with tarfile.open(packed) as file:
        cut = file.getmembers()[-1].offset
    packed.write_bytes(packed.read_bytes()[:cut])


@fault("archive-damaged")
def a_tar_cut_off_in_a_file(folder: Path) -> None:
    packed = tarred(folder)
    packed.write_bytes(packed.read_bytes()[:30000])


@fault("archive-damaged")
def a_tar_with_a_changed_header(folder: Path) -> None:
    packed = tarred(folder)
    with tarfile.open(packed) as file:
        second = [one for one in file.getmembers() if one.isfile()][1]
    data = bytearray(packed.read_bytes())
    data[second.offset] ^= 1
    packed.write_bytes(data)


@fault("archive-damaged")
def a_tar_with_a_header_of_zeros(folder: Path) -> None:
    packed = tarred(folder)
    with tarfile.open(packed) as file:
        second = [one for one in file.getmembers() if one.isfile()][1].offset
    data = packed.read_bytes()
    packed.write_bytes(data[:second] + bytes(512) + data[second + 512 :])


@fault("archive-damaged")
def a_tar_cut_off_after_a_file_that_ends_with_zeros(folder: Path) -> None:
    (folder / "documents").mkdir()
    (folder / "documents/a.txt").write_bytes(b"List" + bytes(1020))
    packed = tarred(folder)
    with tarfile.open(packed) as file:
        names = [one.name for one in file.getmembers()]
        cut = file.getmembers()[names.index(f"{folder.name}/documents/a.txt") + 1].offset
    packed.write_bytes(packed.read_bytes()[:cut])


@fault("archive-damaged")
def a_tar_with_an_endless_header(folder: Path) -> None:
    with tarfile.open(tarred(folder), "a") as file:
        member = tarfile.TarInfo("x")
        member.pax_headers = {"comment": "x" * (2 << 20)}
        file.addfile(member)


@fault("archive-damaged")
def a_tar_with_headers_without_end(folder: Path) -> None:
    packed = tarred(folder)
    member = tarfile.TarInfo("x")
    member.type = tarfile.XHDTYPE
    packed.write_bytes(packed.read_bytes().rstrip(b"\0") + bytes(512))
    data = packed.read_bytes()
    data = data[: len(data) // 512 * 512] + member.tobuf(tarfile.USTAR_FORMAT) * 1500
    packed.write_bytes(data + bytes(10240))


@fault("archive-too-large")
def a_tar_bomb_behind_its_end_mark(folder: Path) -> None:
    with bz2.open(tarred(folder).with_name("note.tar.bz2"), "wb") as file:
        file.write(folder.with_name(f"{folder.name}.tar").read_bytes())
        file.write(bytes(1 << 30))
    folder.with_name(f"{folder.name}.tar").unlink()


@fault("archive-damaged")
def a_tar_gz_half_copied(folder: Path) -> None:
    packed = tarred(folder, ".tgz", "w:gz")
    packed.write_bytes(packed.read_bytes()[:-4])


@fault("archive-damaged")
def a_tar_gz_whose_crc_is_wrong(folder: Path) -> None:
    packed = tarred(folder, ".tgz", "w:gz")
    data = bytearray(packed.read_bytes())
    data[-6] ^= 1
    packed.write_bytes(data)


@fault("archive-damaged")
def a_zip_that_is_none(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.with_name("note.zip").write_bytes(b"Rar!\x1a\x07\x00" + bytes(100))


@fault("archive-unsafe")
def a_zip_that_would_write_outside(folder: Path) -> None:
    with zipfile.ZipFile(zipped(folder), "a") as file:
        file.writestr("../../evil.txt", "x")
        file.writestr("/etc/evil", "x")
        file.writestr("C:/evil", "x")


@fault("archive-unsafe")
def a_zip_with_a_link(folder: Path) -> None:
    link = zipfile.ZipInfo(f"{folder.name}/scans/0003r.tif")
    link.create_system = 3
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(zipped(folder), "a") as file:
        file.writestr(link, "/etc/passwd")


@fault("archive-unsafe")
def a_zip_with_two_files_of_one_name(folder: Path) -> None:
    name = f"{folder.name}/record.yaml"
    with zipfile.ZipFile(zipped(folder), "a") as file:
        file.writestr(name, "title: Another")


@fault("archive-unsafe")
def a_zip_with_a_name_that_is_too_long(folder: Path) -> None:
    with zipfile.ZipFile(zipped(folder), "a") as file:
        file.writestr("a" * 300, "x")


@fault("archive-unsafe")
def a_zip_with_a_file_too_deep(folder: Path) -> None:
    with zipfile.ZipFile(zipped(folder), "a") as file:
        file.writestr(f"{folder.name}/documents/{'a/' * 100}letter.txt", "x")


@fault("archive-unsafe")
def a_tar_with_links_and_devices(folder: Path) -> None:
    with tarfile.open(tarred(folder), "a") as file:
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE):
            member = tarfile.TarInfo(f"{folder.name}/scans/{kind!r}")
            member.type, member.linkname = kind, "/etc/passwd"
            file.addfile(member)


@fault("archive-unsafe")
def a_tar_that_would_write_outside(folder: Path) -> None:
    with tarfile.open(tarred(folder), "a") as file:
        member = tarfile.TarInfo("x/../../../evil.txt")
        member.size = 1
        file.addfile(member, io.BytesIO(b"x"))


@fault("archive-encrypted")
def a_zip_locked_with_a_password(folder: Path) -> None:
    packed = zipped(folder)
    data = bytearray(packed.read_bytes())
    with zipfile.ZipFile(packed) as file:
        info = next(one for one in file.infolist() if not one.is_dir())
    data[info.header_offset + 6] |= 1
    central = data.index(b"PK\x01\x02")
    while data[central + 42 : central + 46] != info.header_offset.to_bytes(4, "little"):
        central = data.index(b"PK\x01\x02", central + 4)
    data[central + 8] |= 1
    packed.write_bytes(data)


@fault("archive-too-large")
def a_zip_bomb(folder: Path) -> None:
    with zipfile.ZipFile(zipped(folder), "a", zipfile.ZIP_DEFLATED) as file:
        file.writestr(f"{folder.name}/documents/nothing.txt", bytes(200 << 20), compresslevel=9)


@fault("archive-too-large", intake={"max_unpacked_gib": 0.00001})
def a_zip_larger_than_is_let(folder: Path) -> None:
    zipped(folder)


@fault("archive-too-large", intake={"max_members": 5})
def a_tar_of_too_many_files(folder: Path) -> None:
    tarred(folder)


@fault("archive-several")
def a_zip_of_two_documents(folder: Path) -> None:
    both = folder.parent / "both"
    both.mkdir()
    shutil.copytree(folder, both / "one")
    folder.rename(both / "two")
    zipped(both)


@fault("archive-not-taken")
def a_rar(folder: Path) -> None:
    folder.with_name("letters.rar").write_bytes(b"Rar!\x1a\x07\x00" + bytes(100))


@fault("archive-not-taken")
def a_7z_and_nothing_else(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.with_name("letters.7z").write_bytes(b"7z\xbc\xaf\x27\x1c" + bytes(100))


@fault("archive-not-taken")
def a_zip_packed_by_an_unknown_method(folder: Path) -> None:
    packed = zipped(folder)
    data = packed.read_bytes()
    with zipfile.ZipFile(packed) as file:
        infos = [one for one in file.infolist() if not one.is_dir()]
    changed = bytearray(data)
    at = data.index(b"PK\x01\x02")
    while at != -1:
        if any(data[at + 42 : at + 46] == i.header_offset.to_bytes(4, "little") for i in infos):
            changed[at + 10] = 9  # Deflate64, which Windows uses above 2 GB
        at = data.find(b"PK\x01\x02", at + 4)
    packed.write_bytes(changed)


@fault("archive-names")
def a_zip_with_names_as_dos_wrote_them(folder: Path) -> None:
    (folder / "documents").mkdir()
    (folder / "documents/pokoj_xlodz.txt").write_text("List")
    packed = zipped(folder)
    named = packed.read_bytes().replace(b"pokoj_xlodz", "pokój_łódź.".encode("cp852")[:11])
    packed.write_bytes(named)


@fault("name-changed")
def a_tar_with_a_name_that_is_not_utf8(folder: Path) -> None:
    (folder / "documents").mkdir()
    name = os.fsencode(folder / "documents") + b"/\xb1.txt"
    Path(os.fsdecode(name)).write_text("List")
    tarred(folder)


@fault("name-twins")
def a_zip_with_names_alike_but_for_capitals(folder: Path) -> None:
    (folder / "documents").mkdir()
    for name in ("List.txt", "list.txt"):
        (folder / "documents" / name).write_text(name)
    zipped(folder)


@fault("name-twins")
def a_zip_beside_its_own_folder(folder: Path) -> None:
    copy = folder.parent / "copy"
    shutil.copytree(folder, copy)
    zipped(folder)
    copy.rename(folder)


@fault("damaged-file")
def a_zip_with_a_scan_that_does_not_open(folder: Path) -> None:
    scan = folder / "scans/0001r.tif"
    scan.write_bytes(scan.read_bytes()[:2000])
    zipped(folder)
