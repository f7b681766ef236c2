"""What every rule has to have."""

import re
import textwrap
from pathlib import Path

import pytest

WORKFLOW = Path(__file__).parents[2] / "workflow"
NEEDED = {"input", "log", "benchmark", "conda", "threads", "resources", "script"}


def rules():
    """Return the text of each rule, without its indentation, by its file and its name."""
    found = {}
    for path in sorted((WORKFLOW / "rules").glob("*.smk")):
        text = path.read_text(encoding="utf-8") + "\n"
        for match in re.finditer(r"^( *)rule ?(\w*):\n((?:\1    .*\n|\n)+)", text, flags=re.MULTILINE):
            found[f"{path.stem}: {match[2] or 'in a loop'}"] = textwrap.dedent(match[3])
    return found


def test_lint_finds_nothing(unbuilt):
    done = unbuilt.run("--lint")
    assert done.returncode == 0, done.stdout
    assert "Congratulations" in done.stdout


@pytest.mark.parametrize("name", rules())
def test_a_rule_has_a_docstring(name):
    assert re.match(r'"""\S.*\."""\n', rules()[name])


@pytest.mark.parametrize("name", [name for name, text in rules().items() if "input:" in text and "script:" in text])
def test_a_rule_that_runs_has_its_log_benchmark_and_resources(name):
    keys = re.findall(r"^(\w+):", rules()[name], flags=re.MULTILINE)
    needed = NEEDED if "output" in keys else NEEDED - {"benchmark"}
    assert not needed - set(keys)
    assert "threads: 1\n" in rules()[name]


def test_no_rule_has_code_of_its_own():
    for name, text in rules().items():
        assert not re.search(r"^(run|shell):", text, flags=re.MULTILINE), name


def test_rules_of_analyses_come_from_declarations_alone():
    assert {path.name for path in (WORKFLOW / "rules").glob("*.smk")} == {
        *(f"{name}.smk" for name in ("common", "data", "train", "import", "simulate", "fit", "analyses", "report"))
    }


def test_every_script_is_used_and_short():
    used = {path for text in rules().values() for path in re.findall(r'"\.\./scripts/(\w+\.py)"', text)}
    scripts = {path.name: path for path in (WORKFLOW / "scripts").glob("*.py")}
    assert used == set(scripts)
    assert not [name for name, path in scripts.items() if len(path.read_text(encoding="utf-8").splitlines()) > 25]
