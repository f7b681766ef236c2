"""A law of the user's own, in a file that the configuration names: what works, and how mistakes are reported."""

import re

import numpy as np
import pytest
from builders import tiny_experiment

from losslaws.core.errors import LosslawsError
from losslaws.core.registry import LAWS
from losslaws.curves.curve import Curve
from losslaws.fitting.fit_table import fit_curves
from losslaws.fitting.options import FitOptions
from losslaws.laws.check import check
from losslaws.plan.dependencies import source_files

LAW = """import numpy as np
from losslaws.laws.law import Law, Shape

LAW = Law(
    name="mine",
    formula="a/(1 + t/τ)^δ + L∞",
    shapes=(Shape("tau", (1.0, 1e4)), Shape("delta", (0.1, 5.0))),
    log_basis=lambda t, tau, delta: -delta * np.log1p(t / tau),
    exponent="delta",
)
"""
T = np.arange(1.0, 301.0)


@pytest.fixture
def written(tmp_path, monkeypatch):
    """Write law files into the working directory."""
    monkeypatch.chdir(tmp_path)

    def write(text=LAW, name="mine.py"):
        (tmp_path / name).write_text(text, encoding="utf-8")
        return name

    return write


def edited(*changes):
    """Return the law's text with replacements."""
    text = LAW
    for old, new in changes:
        assert text.count(old) == 1
        text = text.replace(old, new)
    return text


def test_a_law_by_path_is_fitted_like_any_other(written):
    law = LAWS.load(written())
    truth = {"a": 2.0, "tau": 30.0, "delta": 0.7, "L_inf": 0.1}
    for preset in ("paper", "wide"):
        options = FitOptions(preset=preset)
        row = fit_curves([Curve("one", T, law(T, truth))], [law], options=options).to_pylist()[0]
        assert (row["law"], row["status"]) == ("mine", "ok")
        assert {name: row[name] for name in truth} == pytest.approx(truth, rel=1e-4)


def test_the_configuration_names_it_by_its_path(written):
    experiment = tiny_experiment(fitting={"laws": ["power_law", written()]})
    assert experiment.fitting.laws == ("power_law", "mine.py")
    assert [LAWS.name(entry) for entry in experiment.fitting.laws] == ["power_law", "mine"]


def test_the_file_and_what_it_imports_are_sources(written, tmp_path):
    (tmp_path / "script.py").write_text("import json\n")
    found = source_files(tmp_path / "script.py", LAWS.sources(written()))
    assert tmp_path / "mine.py" in found
    assert {"law.py", "check.py"} <= {path.name for path in found}
    assert LAWS.sources("power_law") == ["losslaws.laws.time.power_law"]


def test_nothing_is_cached_beside_it(written, tmp_path):
    assert LAWS.load(written()).formula.startswith("a/(1")
    written(edited(("a/(1 + t/τ)", "a·(1 + t/τ)")))
    assert LAWS.load("mine.py").formula.startswith("a·(1")
    assert [path.name for path in tmp_path.iterdir()] == ["mine.py"]


SHAPES = 'shapes=(Shape("tau", (1.0, 1e4)), Shape("delta", (0.1, 5.0)))'
MISTAKES = {
    "a syntax error": (edited(("LAW = Law(", "LAW = = Law(")), "mine.py: line 4: invalid syntax"),
    "an unknown name": (edited(("import numpy as np", "import numpy")), "delta = 0.163: NameError"),
    "no such module": (edited(("import numpy", "import nampy")), "line 1: ModuleNotFoundError: No module named 'na"),
    "a forgotten argument": (edited(('    exponent="delta",\n', "")), "line 4: TypeError"),
    "no LAW": (edited(("LAW = Law(", "law = Law(")), "the file defines no LAW"),
    "not a Law": ('LAW = {"name": "mine"}', "LAW is of type dict; expected a losslaws.laws.law.Law"),
    "another name": (edited(('name="mine"', 'name="yours"')), "the name is 'yours'; expected 'mine'"),
    "no tuple of shapes": (edited((SHAPES, 'shapes=Shape("tau", (1.0, 1e4))')), "expected a tuple of Shape"),
    "too few arguments": (
        edited(("t, tau, delta:", "t, tau:"), ("-delta * ", "-")),
        "log_basis takes (t, tau); expected t and one argument per shape (tau, delta)",
    ),
    "arguments in another order": (
        edited(("t, tau, delta:", "t, delta, tau:")),
        "log_basis takes (t, delta, tau); expected the order of shapes, tau, delta",
    ),
    "an unknown exponent": (edited(('exponent="delta"', 'exponent="beta"')), "exponent is 'beta'; expected one of a,"),
    "a parameter twice": (edited(('Shape("delta"', 'Shape("a"')), "the parameter 'a' is there twice"),
    "bounds the wrong way round": (edited(("(0.1, 5.0)", "(5.0, 0.1)")), "delta has the bounds (5.0, 0.1); exp"),
    "an infinite bound": (edited(("(0.1, 5.0)", '(0.1, float("inf"))')), "expected two finite numbers"),
    "one number for bounds": (edited(("(0.1, 5.0)", "5.0")), "delta has the bounds 5.0; expected two finite numbers"),
    "bounds of t the wrong way round": (edited(("(0.1, 5.0)", "lambda t: (t[-1], 0)")), "the lower first"),
    "a preset missing": (
        edited(("(0.1, 5.0)", '{"paper": (0.1, 5.0)}')),
        "the shape delta has no bounds 'wide'; give a pair for 'paper' and one for 'wide', or one pair alone for both",
    ),
    "a basis that fails": (
        edited(("np.log1p(t / tau)", "np.log1p(t[:3] / tau) * t")),
        "log_basis fails at tau = 3.16, delta = 0.163: ValueError",
    ),
    "a wrong gradient": (
        edited(("    exponent=", "    gradient=lambda t, tau, delta: (t, -np.log1p(t / tau)),\n    exponent=")),
        "gradient is not the derivative of log_basis with respect to tau at tau = 3.16",
    ),
    "too short a gradient": (
        edited(('    exponent="delta"', '    gradient=lambda t, tau, delta: (t,),\n    exponent="delta"')),
        "gradient returns 1 entries; expected one per shape",
    ),
    "an unknown shape of a limit": (
        edited(
            ("import Law,", "import Law, Limit,"),
            ('    exponent="delta"', '    limits=(Limit("beta", 0.0, "", np.log),),\n    exponent="delta"'),
        ),
        "limits or ordered name the shape 'beta'; expected one of tau, delta",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "told"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_is_one_sentence_with_the_file(written, text, told):
    written(text)
    with pytest.raises(LosslawsError) as caught:
        tiny_experiment(fitting={"laws": ["mine.py"]})
    sentence = str(caught.value)
    assert sentence.startswith("config: experiments.tiny.fitting.laws: mine.py: ")
    assert told in sentence
    assert len(sentence.splitlines()) == 1


def test_names_are_unique(written, tmp_path):
    with pytest.raises(LosslawsError, match=r"absent\.py: no such file in /"):
        LAWS.load("absent.py")
    with pytest.raises(LosslawsError, match=r"power_law\.py: the law 'power_law' already exists"):
        LAWS.load(written(name="power_law.py"))
    (tmp_path / "other").mkdir()
    written(name="other/mine.py")
    with pytest.raises(LosslawsError, match=r"mine\.py and other/mine\.py have the same name"):
        tiny_experiment(fitting={"laws": [written(), "other/mine.py"]})


def test_a_parameter_may_not_take_a_column(written):
    law = LAWS.load(written(edited(('Shape("delta"', 'Shape("n"'), ('exponent="delta"', 'exponent="n"'))))
    with pytest.raises(LosslawsError, match="a law has a parameter 'n', which is a column already"):
        fit_curves([Curve("one", T, 1 / T)], [law])


def test_a_gradient_may_be_given(written):
    right = "gradient=lambda t, tau, delta: (delta * t / (tau * (tau + t)), -np.log1p(t / tau))"
    written(edited(("    exponent=", f"    {right},\n    exponent=")))
    assert LAWS.load("mine.py").gradient is not None


@pytest.mark.parametrize("space", ["linear", "log"])
@pytest.mark.parametrize("errors", ["independent", "ar1"])
def test_a_law_without_values_has_a_status(written, space, errors):
    law = LAWS.load(written(edited(("-delta * ", "np.nan * delta * "))))
    curve = Curve("one", T, LAWS.load("power_law")(T, {"a": 1.0, "beta": 0.5, "L_inf": 0.1}))
    options = FitOptions(space=space, errors=errors)
    rows = fit_curves([curve], [law, LAWS.load("power_law")], options=options).to_pylist()
    assert [(row["law"], row["status"]) for row in rows] == [("power_law", "ok"), ("mine", "outside_domain")]
    assert (rows[1]["rss"], rows[1]["aic"], rows[1]["tau"]) == (None, None, None)


@pytest.mark.parametrize("name", LAWS.names())
def test_the_laws_of_the_family_pass_as_well(name):
    check(LAWS.load(name))


@pytest.mark.parametrize(
    ("amplitudes", "told"),
    [
        ('("a", "b")', "log_basis returns 1 terms; expected one for each of"),
        ('("a", "b", "c")', "amplitudes has 3 names"),
    ],
)
def test_amplitudes_that_do_not_go_with_the_basis_are_refused(written, amplitudes, told):
    with pytest.raises(LosslawsError, match=re.escape(told)):
        LAWS.load(written(edited(('exponent="delta",', f'exponent="delta", amplitudes={amplitudes},'))))
