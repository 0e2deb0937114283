"""Which files are of the same page, and which pages are missing; ``pair`` is the way in."""
