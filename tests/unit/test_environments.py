"""The two lists of pins are one, and cover what the project says it needs."""

import re
import tomllib
from importlib import metadata
from pathlib import Path

import yaml
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
PIN = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)(\[[a-z,]+\])?==[0-9][0-9A-Za-z.+!]*$")


def normalised(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(name):
    lines = (ROOT / "envs" / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def requirements():
    return pins("requirements.txt")


def needed_by(name):
    """Return the packages that an installed package needs, on this machine and without its extras, as normalised."""
    found = [Requirement(text) for text in metadata.requires(name) or []]
    return {normalised(entry.name) for entry in found if not entry.marker or entry.marker.evaluate({"extra": ""})}


def environment():
    return yaml.safe_load((ROOT / "envs/environment.yaml").read_text(encoding="utf-8"))


def test_every_requirement_is_an_exact_pin():
    all_pins = requirements() + pins("constraints.txt")
    assert [pin for pin in all_pins if not PIN.match(pin)] == []
    names = [normalised(PIN.match(pin)[1]) for pin in all_pins]
    assert sorted(set(names)) == sorted(names)


def test_everything_that_is_installed_is_pinned():
    known = {normalised(PIN.match(pin)[1]) for pin in requirements() + pins("constraints.txt")}
    waiting, seen = {normalised(PIN.match(pin)[1]) for pin in requirements()}, set()
    while waiting:
        name = waiting.pop()
        seen.add(name)
        waiting |= needed_by(name) - seen
    # The CUDA build of torch brings its vendor's libraries, each in the version that this torch needs.
    bundled = {name for name in seen if name.startswith(("nvidia-", "cuda-")) or name == "triton"}
    assert seen - bundled - known - {"setuptools"} == set()


def test_conda_has_the_same_pins():
    (pip,) = (entry["pip"] for entry in environment()["dependencies"] if isinstance(entry, dict))
    assert pip == requirements() + pins("constraints.txt")
    assert [entry for entry in environment()["dependencies"] if isinstance(entry, str)] == ["python >=3.11", "pip"]


def test_the_slurm_plugin_is_pinned_and_not_in_the_environment_of_everybody():
    slurm = pins("slurm.txt")
    assert [pin for pin in slurm if not PIN.match(pin)] == []
    names = {normalised(PIN.match(pin)[1]) for pin in slurm}
    assert "snakemake-executor-plugin-slurm" in names
    assert names & {normalised(PIN.match(pin)[1]) for pin in requirements() + pins("constraints.txt")} == set()


def test_the_site_has_pins_of_its_own():
    own, brought = pins("docs.txt"), pins("docs-constraints.txt")
    assert [pin for pin in own + brought if not PIN.match(pin)] == []
    names = [normalised(PIN.match(pin)[1]) for pin in own + brought]
    assert sorted(set(names)) == sorted(names)
    assert [pin for pin in own if pin.startswith("ruff")] == [pin for pin in requirements() if pin.startswith("ruff")]


def test_the_dependencies_of_the_package_are_pinned():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pinned = {normalised(PIN.match(pin)[1]) for pin in requirements()}
    assert {normalised(name) for name in project["dependencies"]} - pinned == set()
    assert project["requires-python"] == ">=3.11"


def test_what_the_library_imports_is_a_dependency():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    text = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "workflow/losslaws").rglob("*.py"))
    imported = set(re.findall(r"^\s*(?:from|import) ([a-z_0-9]+)", text, re.MULTILINE)) | {"pyarrow"}
    distributions = {"sklearn": "scikit-learn", "yaml": "pyyaml"}
    extras = {name for extra in project["optional-dependencies"].values() for name in extra}
    known = {normalised(name) for name in project["dependencies"]} | extras
    third_party = {
        "jinja2",
        "jsonschema",
        "markupsafe",
        "matplotlib",
        "msgspec",
        "numpy",
        "pandas",
        "pyarrow",
        "scipy",
        "sklearn",
        "snakemake",
        "tensorboard",
        "torch",
        "yaml",
    }
    assert {distributions.get(name, name) for name in imported & third_party} == known
