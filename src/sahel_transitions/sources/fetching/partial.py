"""The beginning of a file that is being downloaded, kept beside its target under a hidden name."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Partial:
    """What has come of a file, with a note of which state of the server's file it belongs to."""

    target: Path

    @property
    def path(self) -> Path:
        return self.target.with_name(f".{self.target.name}.part")

    @property
    def _note(self) -> Path:
        return self.target.with_name(f".{self.target.name}.part.note")

    def resumable(self) -> tuple[int, str | None]:
        """How many bytes are kept and what the server called their file; (0, None) if none are."""
        try:
            return self.path.stat().st_size, self._note.read_text(encoding="latin-1")
        except FileNotFoundError:
            return 0, None

    def begin(self, validator: str | None) -> None:
        """Start anew; without a validator, what comes cannot be resumed later."""
        self.discard()
        if validator is not None:
            self._note.write_text(validator, encoding="latin-1")

    def discard(self) -> None:
        self.path.unlink(missing_ok=True)
        self._note.unlink(missing_ok=True)


def validator_of(headers: Mapping[str, str]) -> str | None:
    """What `If-Range` may be asked with: a strong entity tag, or the day of the last change."""
    tag = headers.get("ETag")
    if tag and not tag.startswith("W/"):
        return tag
    return headers.get("Last-Modified")
