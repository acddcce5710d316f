"""Resolve the dependencies and write `requirements.lock` and `environment.yml` from one answer."""

import re
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
HEAD = """\
# Made by `make lock`, with the versions of requirements.lock. For conda and Binder:
#   conda env create --file environment.yml && conda activate sahel-transitions
# `make` uses the environment while it is active.
name: sahel-transitions
channels:
  - conda-forge
  - nodefaults
dependencies:
  - python=3.11
  - pip
  - make
  - pip:
"""


def main() -> None:
    """Write both files; versions of packages in the lock are kept where they still fit."""
    lock = PROJECT / "requirements.lock"
    subprocess.run(
        [
            Path(sys.executable).parent / "uv", "pip", "compile", "pyproject.toml",
            "--universal", "--python-version", "3.11", "--generate-hashes", "--all-extras",
            "--no-emit-index-url", "--no-header", "--no-annotate", "--quiet",
            "--output-file", lock.name, *sys.argv[1:],
        ],
        cwd=PROJECT,
        check=True,
    )  # fmt: skip
    pins = re.findall(r"^([A-Za-z0-9].*?)\s*\\$", lock.read_text(), flags=re.MULTILINE)
    lines = [f"      - {_quoted(pin)}\n" for pin in pins]
    text = HEAD + "".join(lines) + "      - -e .\n"
    (PROJECT / "environment.yml").write_text(text)


def _quoted(pin: str) -> str:
    return f'"{pin}"' if ";" in pin else pin


if __name__ == "__main__":
    main()
