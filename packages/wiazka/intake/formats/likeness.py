"""A hash of how a page looks: alike for two pictures of one page. imagehash's one door."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

# 16 × 16 frequencies: 256 bits. With the usual 8 × 8, leaves of typescript are too much alike.
_FREQUENCIES = 16
# The deviation of grey (0–255) below which a page is blank: the grain of paper, a shadow.
_BLANK = 5.0
_MARGIN = 0.05


def likeness(small: "Picture") -> str | None:
    """The hash of a small picture as 64 hex digits; None for a page with nothing on it.

    Two pictures of one page differ in an eighth of the bits or fewer (docs/pages.md).
    """
    import imagehash
    from PIL import ImageStat

    grey = small.convert("L")
    across, down = (int(side * _MARGIN) for side in grey.size)
    inner = grey.crop((across, down, grey.width - across, grey.height - down))
    if ImageStat.Stat(inner).stddev[0] < _BLANK:
        return None
    return str(imagehash.phash(grey, hash_size=_FREQUENCIES))
