"""wiazka: a preservation pipeline for translated archival documents.

Everything here works without Prefect; ``flows/`` only schedules, watches and retries it.
"""

__version__ = "0.1.0"
