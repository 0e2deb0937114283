"""A hash of how a page looks: alike for two pictures of one page. dhash's one door."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

# 16 × 16 steps along rows and as many along columns: 512 bits. With the usual 8 × 8, leaves of
# typescript are too much alike.
_STEPS = 16
# The deviation of grey (0–255) below which a page is blank: the grain of paper, a shadow.
_BLANK = 5.0
_MARGIN = 0.05


def likeness(small: "Picture") -> str | None:
    """The hash of a small picture as 128 hex digits; None for a page with nothing on it.

    Two pictures of one page differ in few bits, two pages in a quarter of them or more.
    """
    import dhash
    from PIL import Image, ImageStat

    grey = small.convert("L")
    across, down = (int(side * _MARGIN) for side in grey.size)
    inner = grey.crop((across, down, grey.width - across, grey.height - down))
    if ImageStat.Stat(inner).stddev[0] < _BLANK:
        return None
    side = _STEPS + 1
    # Given numbers, not the picture: what dhash asks of Pillow ends with Pillow 14.
    greys = list(grey.resize((side, side), Image.Resampling.LANCZOS).tobytes())
    rows, columns = dhash.dhash_row_col(greys, size=_STEPS)
    return str(dhash.format_hex(rows, columns, size=_STEPS))
