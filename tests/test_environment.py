"""One lock; the conda file names the same versions; setting up refuses in one sentence."""

import re
import subprocess
import sys

import pytest
import rattler
import yaml
from packaging.requirements import Requirement
from packaging.version import Version

from sahel_transitions import __version__
from sahel_transitions.paths import LOCK, PROJECT

CONDA = yaml.safe_load((PROJECT / "environment.yml").read_text(encoding="utf-8"))
BOOTSTRAP = PROJECT / "src" / "bootstrap.py"


def locked():
    text = LOCK.read_text(encoding="utf-8")
    return {
        str(Requirement(pin)) for pin in re.findall(r"^([A-Za-z0-9].*?)\s*\\$", text, flags=re.M)
    }


def pip_lines():
    (section,) = [each["pip"] for each in CONDA["dependencies"] if isinstance(each, dict)]
    return section


def test_every_package_of_the_lock_has_a_version_and_hashes():
    text = LOCK.read_text(encoding="utf-8")
    blocks = re.split(r"\n(?=[A-Za-z0-9])", text.strip())
    assert len(blocks) > 100
    for block in blocks:
        assert "==" in block.splitlines()[0] and "--hash=sha256:" in block, block.splitlines()[0]


def test_the_conda_file_names_the_versions_of_the_lock():
    named = {str(Requirement(line)) for line in pip_lines() if not line.startswith("-")}
    assert named == locked()
    assert "-e ." in pip_lines()


def test_conda_can_read_what_does_not_come_from_pip():
    specs = [rattler.MatchSpec(each) for each in CONDA["dependencies"] if isinstance(each, str)]
    names = {str(spec.name.normalized) for spec in specs}
    assert names == {"python", "pip", "make"}
    (python,) = [spec for spec in specs if spec.name.normalized == "python"]
    assert "3.11" in str(python.version)


def test_every_direct_dependency_is_locked_within_its_bounds():
    project = (PROJECT / "pyproject.toml").read_text(encoding="utf-8")
    pins = {Requirement(pin).name: Requirement(pin) for pin in locked()}
    for line in re.findall(r'^  "([^"]+>=[^"]+)",$', project, flags=re.M):
        wanted = Requirement(line)
        version = next(iter(pins[wanted.name].specifier)).version
        assert wanted.specifier.contains(Version(version)), line


def bootstrap(*patches: str):
    """Run the set-up with parts of Python replaced, and see what it says."""
    code = "\n".join(
        ["import sys, runpy", *patches, f"runpy.run_path({str(BOOTSTRAP)!r}, run_name='__main__')"]
    )
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)


def test_too_old_a_python_is_refused_in_one_sentence():
    done = bootstrap("sys.version_info = (3, 8, 10)")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1 and "3.11" in done.stderr and "3.8" in done.stderr


def test_a_python_without_venv_is_refused_in_one_sentence():
    done = bootstrap("sys.modules['venv'] = None")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1 and "venv" in done.stderr


def test_a_missing_network_is_named(tmp_path):
    project = tmp_path / "project"
    (project / "src").mkdir(parents=True)
    (project / "src" / "bootstrap.py").write_text(BOOTSTRAP.read_text())
    (project / "requirements.lock").write_text(
        f"uv==0.0.1 \\\n    --hash=sha256:{'0' * 64}\n", encoding="utf-8"
    )
    nowhere = {"PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_RETRIES": "0", "PIP_NO_CACHE_DIR": "1",
               "PIP_CONFIG_FILE": "/dev/null", "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}  # fmt: skip
    done = subprocess.run(
        [sys.executable, project / "src" / "bootstrap.py"],
        capture_output=True, text=True, check=False, env=nowhere, timeout=120,
    )  # fmt: skip
    assert done.returncode == 2
    assert "cannot be reached" in done.stderr and "make setup" in done.stderr


def test_make_prints_help():
    done = subprocess.run(["make"], cwd=PROJECT, capture_output=True, text=True, check=True)
    for verb in ("setup", "run", "report", "test", "lab", "clean"):
        assert f"make {verb}" in done.stdout


@pytest.mark.parametrize("name", ["LICENSE", "LICENSE-DATA", "CITATION.cff", "README.md"])
def test_what_a_reader_looks_for_is_there(name):
    assert len((PROJECT / name).read_text(encoding="utf-8")) > 400


def test_the_version_is_one():
    cff = yaml.safe_load((PROJECT / "CITATION.cff").read_text(encoding="utf-8"))
    project = (PROJECT / "pyproject.toml").read_text(encoding="utf-8")
    assert cff["version"] == __version__
    assert f'version = "{__version__}"' in project
