"""What is handed over while wiazka is being killed: new documents, and corrected ones again."""

import shutil
from pathlib import Path
from random import Random

from PIL import Image

from tests.intake.clean import clean_document


class Deliveries:
    """Deliveries in an inbox, chosen by ``chance``: the same ones for the same seed."""

    def __init__(self, inbox: Path, chance: Random) -> None:
        self._inbox, self._chance = inbox, chance
        self._newest: dict[str, Path] = {}
        self.made: list[Path] = []

    def hand_over(self) -> Path:
        """One more delivery: of new documents, or of some that were corrected, or of both."""
        number = len(self.made) + 1
        # Outside of the inbox until it is whole, as a careful producer does it.
        draft = self._inbox.parent / "being-copied"
        draft.mkdir()
        corrected = []
        if self._newest and self._chance.random() < 0.6:
            some = self._chance.randint(1, min(2, len(self._newest)))
            corrected = self._chance.sample(sorted(self._newest), some)
        for name in corrected:
            self._correct(name, draft, number)
        for one in range(self._chance.randint(0 if corrected else 1, 3)):
            self._document(draft, number * 10 + one)
        (draft / "_READY").touch()
        delivery = self._inbox / f"2024-05_delivery_{number:03}"
        draft.rename(delivery)
        for folder in delivery.iterdir():
            if folder.is_dir():
                self._newest[folder.name] = folder
        self.made.append(delivery)
        return delivery

    def _document(self, delivery: Path, number: int) -> None:
        folder = clean_document(delivery, number)
        if self._chance.random() < 0.3:
            # A scan that takes a while to send, of the grain that no packing makes smaller.
            size = (1500, 2000)
            picture = Image.frombytes("L", size, self._chance.randbytes(size[0] * size[1]))
            picture.save(folder / "scans" / "0003r.tif", dpi=(300, 300))
            for text in ("transcription/pl", "translation/en"):
                before = (folder / text / "0002v.txt").read_text("utf-8")
                (folder / text / "0003r.txt").write_text(before.replace("0002v", "0003r"), "utf-8")

    def _correct(self, name: str, delivery: Path, number: int) -> None:
        folder = delivery / name
        shutil.copytree(self._newest[name], folder)
        page = folder / "translation" / "en" / "0001r.txt"
        said = f"Corrected for delivery {number}: the minister received the ambassador again.\n"
        page.write_text(page.read_text("utf-8") + said, "utf-8")
