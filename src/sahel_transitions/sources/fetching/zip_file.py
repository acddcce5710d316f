"""Is an archive whole, and does it unpack to a size that can be meant?"""

import zipfile
import zlib
from pathlib import Path

from sahel_transitions.errors import Refusal

_CHUNK = 1 << 20
_DAMAGES = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)


def check_zip(path: Path, *, max_bytes: int, max_ratio: float) -> None:
    """Refuse a file that is no zip archive, is damaged, or unpacks to far more than it should.

    What the archive declares is looked at first, so that a bomb is refused before it is unpacked;
    then each member is unpacked into nothing and its checksum compared.

    Parameters
    ----------
    path : Path
        The archive; it stays as it is.
    max_bytes : int
        Of all members together, unpacked.
    max_ratio : float
        Unpacked bytes for each byte of the archive.

    Raises
    ------
    Refusal
        With what was expected and found.
    """
    size = path.stat().st_size
    most = min(max_bytes, int(size * max_ratio))
    try:
        with zipfile.ZipFile(path) as archive:
            declared = sum(member.file_size for member in archive.infolist())
            unpacked = declared
            if declared <= most:
                unpacked = _unpacked(archive, most)
    except _DAMAGES as error:
        damage = str(error) or type(error).__name__
    else:
        damage = None
    if damage is not None:
        raise Refusal(
            f"{path.name}: expected a whole zip archive, found a damaged one or something else "
            f"({damage}). Fetch it again."
        )
    if unpacked > most:
        raise Refusal(
            f"{path.name}: expected an archive that unpacks to at most {most} bytes, found "
            f"{unpacked} or more in {size} bytes. Do not unpack it: it is not the file that it "
            "seems to be."
        )


def _unpacked(archive: zipfile.ZipFile, most: int) -> int:
    done = 0
    for member in archive.infolist():
        with archive.open(member) as content:
            while piece := content.read(_CHUNK):
                done += len(piece)
                if done > most:
                    return done
    return done
