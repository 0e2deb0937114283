"""What is chosen: one TOML file, every key of which ``config/wiazka.toml`` explains."""

import os
import tomllib
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import (
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from wiazka.errors import ConfigError
from wiazka.phrase import Lang
from wiazka.problem_kinds import PROBLEM_KINDS, Severity
from wiazka.settings_of_fixity import DigestSettings, FixityPolicy, LedgerSettings
from wiazka.settings_of_stores import DirectoryStore, Section, StoreSettings

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

ENV_CONFIG = "WIAZKA_CONFIG"
DEFAULT_NAME = "wiazka.toml"


class Archive(Section):
    """Who keeps the packages; bag-info's Source-Organization and Contact-* (RFC 8493 2.2.2)."""

    name: str = "An archive (set archive.name in wiazka.toml)"
    address: str | None = None
    contact_name: str | None = None
    contact_email: str | None = None
    contact_phone: str | None = None


class Paths(Section):
    """Where things are on this machine; relative paths start at the configuration file."""

    inbox: Path = Path("inbox")
    home: Path = Path("wiazka-home")


class Intake(Section):
    """When a delivery counts as finished, what a scan and a packed file may be, what scans it.

    ``max_unpacked_gib`` is in GiB, ``max_ratio`` unpacked bytes for one packed; ``clamd`` is a
    socket's path, or ``tcp://host:port``.
    """

    quiet_minutes: float = Field(default=10, ge=0)
    max_pixels: int = Field(default=500_000_000, gt=0)
    max_unpacked_gib: float = Field(default=200, gt=0)
    max_members: int = Field(default=1_000_000, gt=0)
    max_ratio: float = Field(default=1000, gt=1)
    clamd: str | None = Field(default=None, pattern=r"^(/.+|tcp://[^/:]+:\d+)$")


class Ingest(Section):
    """How documents become packages, and when they count as kept.

    ``copies_required``: how many stores must have proved a copy, else all of them;
    ``providers_required``: of how many different providers those must be.
    """

    collection: str = Field(default="main", pattern=r"^[a-z0-9][a-z0-9._-]*$")
    workers: int = Field(default=4, ge=1, le=64)
    algorithms: tuple[Literal["sha256", "sha512"], ...] = ("sha256",)
    copies_required: int | None = Field(default=None, ge=1)
    providers_required: int = Field(default=1, ge=1)


class RecordSettings(Section):
    """What records are read with; docs/names.md explains the list of names."""

    agents: Path | None = None


class CatalogueSettings(Section):
    """The catalogue's database; by default SQLite in ``paths.home``."""

    url: str | None = None


class DeaccessionSettings(Section):
    """How documents that are no longer kept leave the stores: docs/deaccession.md.

    ``grace_days`` between approval and removal. ``persons``: whether two persons are told apart by
    the accounts they are logged in with, or by the names they give, where an account is shared.
    """

    grace_days: int = Field(default=30, ge=0)
    persons: Literal["account", "name"] = "account"


class Settings(Section):
    """All that is chosen, with every path made absolute.

    ``lang`` is the language of messages and receipts, where a delivery asks for none.
    """

    lang: Lang = "en"
    archive: Archive = Archive()
    paths: Paths = Paths()
    intake: Intake = Intake()
    ingest: Ingest = Ingest()
    record: RecordSettings = RecordSettings()
    catalogue: CatalogueSettings = CatalogueSettings()
    deaccession: DeaccessionSettings = DeaccessionSettings()
    ledger: LedgerSettings = LedgerSettings()
    digest: DigestSettings = DigestSettings()
    fixity: dict[str, FixityPolicy] = Field(default_factory=dict)
    severity: dict[str, Severity] = Field(default_factory=dict)
    stores: dict[Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")], StoreSettings] = Field(
        default_factory=dict
    )

    @field_validator("severity", mode="before")
    @classmethod
    def _known_codes(cls, value: object) -> object:
        """Each code is one that there is, and one whose severity may be chosen."""
        for code, severity in value.items() if isinstance(value, dict) else ():
            _check_severity(str(code), severity)
        return value

    @model_validator(mode="after")
    def _enough_stores(self) -> Self:
        """What must be proved can be: there are as many stores, and providers, as are required."""
        if not self.stores:
            return self
        providers = {store.provided_by for store in self.stores.values()}
        for key, there in (
            ("copies_required", len(self.stores)),
            ("providers_required", len(providers)),
        ):
            required = getattr(self.ingest, key)
            if required is not None and required > there:
                raise ValueError(f"ingest.{key} is {required}, and the stores have {there}")
        return self

    @model_validator(mode="after")
    def _policies_of_stores(self) -> Self:
        """Each policy is that of a store: one of a misspelt name would never be kept."""
        for name in self.fixity:
            if self.stores and name not in self.stores:
                raise ValueError(
                    f"fixity.{name}: no such store; there are {', '.join(self.stores)}"
                )
        return self

    @model_validator(mode="after")
    def _each_place_once(self) -> Self:
        """No two stores are one place: what lies there once would count as two copies."""
        known: dict[tuple[str, ...], str] = {}
        for name, store in self.stores.items():
            if other := known.get(store.spot):
                raise ValueError(f"stores.{other} and stores.{name} are the same place")
            known[store.spot] = name
        return self

    @property
    def copies_required(self) -> int:
        """How many stores must have proved a copy before a document counts as kept."""
        return self.ingest.copies_required or len(self.stores)

    @property
    def unpacked(self) -> Path:
        """Where zip and tar files are unpacked until their documents are kept."""
        return self.paths.home / "unpacked"

    @property
    def scratch(self) -> Path:
        """Where drills restore to; nothing stays in it."""
        return self.paths.home / "drill"

    @property
    def reports(self) -> Path:
        """Where receipts and reports are written."""
        return self.paths.home / "reports"

    @property
    def runs(self) -> Path:
        """Where scheduled runs leave their marks."""
        return self.paths.home / "runs"

    @property
    def catalogue_url(self) -> str:
        """The SQLAlchemy URL of the catalogue."""
        return self.catalogue.url or f"sqlite:///{self.paths.home / 'catalogue.sqlite'}"


def _check_severity(code: str, severity: object) -> None:
    kind = PROBLEM_KINDS.get(code)
    if kind is None:
        near = get_close_matches(code, PROBLEM_KINDS, 1)
        hint = f"; did you mean '{near[0]}'?" if near else "; docs/problems.md lists them"
        raise ValueError(f"no problem has the code '{code}'{hint}")
    if severity not in list(Severity):
        raise ValueError(f"'{code}' can be error, warning or note, not {severity!r}")
    if kind.fixed and severity != kind.severity:
        raise ValueError(f"'{code}' is always {_an(kind.severity)}: docs/problems.md says why")


def _an(severity: Severity) -> str:
    return f"an {severity}" if severity is Severity.ERROR else f"a {severity}"


def config_dir() -> Path:
    """The folder of grammars, format policy and profile that come with wiazka."""
    installed = Path(__file__).parent / "config"
    return installed if installed.is_dir() else Path(__file__).parents[2] / "config"


def find_config(given: Path | None) -> Path | None:
    """The file in force: ``given``, else $WIAZKA_CONFIG, else ./wiazka.toml if it is there."""
    if given is not None:
        return given
    if named := os.environ.get(ENV_CONFIG):
        return Path(named)
    here = Path(DEFAULT_NAME)
    return here if here.is_file() else None


def load(given: Path | None = None) -> Settings:
    """The settings in force. Raises ConfigError that names the file, the key and a right value."""
    path = find_config(given)
    if path is None:
        return _absolute(Settings(), Path.cwd())
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(
            f"The configuration file {path} cannot be read: {error.strerror}.",
            f"Give its path with --config FILE or in ${ENV_CONFIG}.",
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"The configuration file {path} is not valid TOML: {error}.",
            'A right line looks like: quiet_minutes = 10   or   inbox = "/srv/inbox"',
        ) from error
    try:
        settings = Settings.model_validate(data)
    except ValidationError as error:
        raise _explained(path, error) from error
    return _absolute(settings, path.absolute().parent)


def _explained(path: Path, error: ValidationError) -> ConfigError:
    lines = []
    for fault in error.errors():
        key = ".".join(str(part) for part in fault["loc"])
        lines.append(f"{key}: {_what_is_wrong(fault)}")
    return ConfigError(
        f"The configuration file {path} cannot be used:\n  " + "\n  ".join(lines),
        "config/wiazka.toml shows every key with an example.",
    )


def _what_is_wrong(fault: "ErrorDetails") -> str:
    if fault["type"] == "string_pattern_mismatch" and fault["loc"][-1] == "endpoint":
        return f"an address such as https://s3.example.org is needed (found {fault['input']!r})"
    if fault["type"] == "extra_forbidden":
        return "no such key"
    if fault["type"] == "missing":
        return "this key is needed"
    if fault["type"] == "value_error":
        return fault["msg"].removeprefix("Value error, ")
    return f"{fault['msg']} (found {fault['input']!r})"


def _absolute(settings: Settings, base: Path) -> Settings:
    stores = {
        name: store.model_copy(update={"path": base / store.path.expanduser()})
        if isinstance(store, DirectoryStore)
        else store
        for name, store in settings.stores.items()
    }
    paths = Paths(
        inbox=base / settings.paths.inbox.expanduser(),
        home=base / settings.paths.home.expanduser(),
    )
    agents = settings.record.agents
    record = RecordSettings(agents=base / agents.expanduser() if agents else None)
    key = settings.ledger.signing_key
    ledger = settings.ledger.model_copy(
        update={"signing_key": base / key.expanduser() if key else None}
    )
    # With nothing chosen, packages go to a directory store, so that the first ingest just works.
    stores = stores or {"disk": DirectoryStore(kind="directory", path=paths.home / "store")}
    return settings.model_copy(
        update={"paths": paths, "record": record, "ledger": ledger, "stores": stores}
    )
