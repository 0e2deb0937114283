"""Sound documents made into bags, and folders into zip and tar files, for tests to spoil."""

import hashlib
import shutil
import tarfile
import zipfile
from collections.abc import Iterable
from pathlib import Path

BAGIT = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"


def bagged(folder: Path, algorithms: Iterable[str] = ("sha256",)) -> Path:
    """Make a document's folder a bag, as any bagging program does."""
    payload = folder.parent / ".payload"
    folder.rename(payload)
    folder.mkdir()
    payload.rename(folder / "data")
    files = [path for path in folder.rglob("*") if path.is_file()]
    oxum = f"{sum(path.stat().st_size for path in files)}.{len(files)}"
    (folder / "bagit.txt").write_text(BAGIT)
    (folder / "bag-info.txt").write_text(
        f"Source-Organization: Archiwum\nBagging-Date: 2024-05-06\nPayload-Oxum: {oxum}\n"
    )
    for algorithm in algorithms:
        write_manifest(folder, algorithm)
    for algorithm in algorithms:
        write_tag_manifest(folder, algorithm)
    return folder


def write_manifest(bag: Path, algorithm: str = "sha256") -> None:
    """Write the payload manifest anew, of what is there."""
    _write(bag, f"manifest-{algorithm}.txt", sorted((bag / "data").rglob("*")), algorithm)


def write_tag_manifest(bag: Path, algorithm: str = "sha256") -> None:
    """Write the tag manifest anew, of what is there."""
    tags = [path for path in sorted(bag.glob("*.txt")) if not path.name.startswith("tagm")]
    _write(bag, f"tagmanifest-{algorithm}.txt", tags, algorithm)


def _write(bag: Path, name: str, paths: Iterable[Path], algorithm: str) -> None:
    lines = [
        f"{hashlib.new(algorithm, path.read_bytes()).hexdigest()}  {path.relative_to(bag)}\n"
        for path in paths
        if path.is_file()
    ]
    (bag / name).write_text("".join(lines), encoding="utf-8")


def rewrite(path: Path, old: str, new: str) -> None:
    """Replace what is found in a text file, once."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def zipped(folder: Path) -> Path:
    """A zip file in place of a folder."""
    packed = folder.with_name(f"{folder.name}.zip")
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for path in sorted(folder.rglob("*")):
            file.write(path, path.relative_to(folder.parent))
    shutil.rmtree(folder)
    return packed


def tarred(folder: Path, suffix: str = ".tar", mode: str = "w") -> Path:
    """A tar file in place of a folder."""
    packed = folder.with_name(f"{folder.name}{suffix}")
    with tarfile.open(packed, mode) as file:
        file.add(folder, folder.name)
    shutil.rmtree(folder)
    return packed
