"""``report.html``: what it says is what the results say, and it needs nothing but itself."""

import json
import re
from html.parser import HTMLParser

import pytest
from builders import law_fit, run_of
from page_study import NAMES, awkward_curves, build_page

from losslaws.analyses.evidence.headline import study_verdict
from losslaws.analyses.evidence.results import VERDICT_WORDS, CurveEvidence
from losslaws.analyses.universality.compute import describe, write_results
from losslaws.config.fitting import Fitting
from losslaws.core.records import record_of
from losslaws.core.registry import LAWS
from losslaws.report.html import as_json
from losslaws.report.text import fixed, number
from losslaws.study.compare import write_comparison

pytestmark = pytest.mark.slow


class Elements(HTMLParser):
    """The elements of a page: tag, attributes, and the text in it and in its children."""

    def __init__(self):
        super().__init__()
        self.found, self.open = [], []

    def handle_starttag(self, tag, attrs):
        element = [tag, dict(attrs), ""]
        self.found.append(element)
        if tag not in ("meta", "link", "img", "rect", "circle", "line", "br"):
            self.open.append(element)

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        for element in self.open:
            element[2] += data


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    path = build_page(tmp_path_factory.mktemp("results"), awkward_curves())
    page = Elements()
    page.feed(path.read_text(encoding="utf-8"))
    return path.parent, page.found


@pytest.fixture(scope="module")
def result(study):
    return json.loads((study[0] / "results.json").read_text(encoding="utf-8"))


def cells(found, anchor):
    """Return the data cells after the element with this id, up to the next section."""
    start = next(place for place, (_, attributes, _) in enumerate(found) if attributes.get("id") == anchor)
    stops = (place for place, (tag, _, _) in enumerate(found) if place > start and tag in ("section", "details"))
    return [element for element in found[start : next(stops, len(found))] if element[0] == "td"]


@pytest.mark.slow
def test_the_table_of_runs_holds_the_exact_numbers_of_the_results(study, result):
    known = {row["curve"]: row for row in json.loads((study[0] / "evidence.json").read_text())["curves"]}
    every = cells(study[1], "runs")
    assert len(every) == 9 * len(NAMES)
    for place, run in enumerate(result["runs_summary"]):
        row = every[9 * place : 9 * place + 9]
        exact = [cell[1]["data-value"] for cell in row]
        assert row[0][2] == exact[0] == run["curve"]
        assert exact[1] == (run["best_form"] or "none")
        assert exact[2] == (run["fit_support"]["second_form"] or "none")
        if run["best_form"]:
            assert float(exact[3]) == run["fit_support"]["delta_aic"]
            assert row[3][2] == fixed(run["fit_support"]["delta_aic"])
            corrected = sorted(value for value in known[run["curve"]]["aic_ar1"] if value is not None)
            assert float(exact[4]) == corrected[1] - corrected[0]
            assert float(exact[8]) == run["final_loss"]
        assert exact[5].startswith(VERDICT_WORDS[known[run["curve"]]["verdict"]])
        assert exact[6] == known[run["curve"]]["reason"]


def test_every_curve_has_a_section_with_the_numbers_of_its_fits(study, result):
    for place, run in enumerate(result["runs_summary"]):
        row = [cell[2] for cell in cells(study[1], f"curve-{place}")]
        assert len(row) == 6 * len(run["fits"])
        for number_of_law, fit in enumerate(run["fits"]):
            shown = row[6 * number_of_law : 6 * number_of_law + 6]
            for name, value in fit["params"].items():
                assert f"{name} = {number(value)}" in shown[0]
            assert shown[1:5] == [fixed(fit["aic"]), fixed(fit["bic"]), number(fit["r2"], 6), number(fit["rss"])]
            assert shown[5] == fit["status"]


def test_the_first_screen_counts_what_the_results_count(study, result):
    lead = next(element[2] for element in study[1] if element[1].get("class") == "lead")
    summary = result["universality"]
    majority, count = summary["majority_form"], summary["form_counts"][summary["majority_form"]]
    formula = LAWS.load(majority).formula
    assert lead.startswith(f"{majority}, L(t) = {formula}, fits best in {count} of {len(NAMES)} runs")
    legend = [element[2] for element in study[1] if element[0] == "li" and "runs" in element[2]]
    assert f"{majority}: {count} of {len(NAMES)} runs{formula}" in legend


def test_the_verdict_stands_above_the_counts(study):
    classes = [element[1].get("class") for element in study[1]]
    known = json.loads((study[0] / "evidence.json").read_text())["curves"]
    verdict = study[1][classes.index("verdict")][2]
    assert verdict.split() == study_verdict(record_of(tuple[CurveEvidence, ...], known)).split()
    assert classes.index("verdict") < classes.index("lead")


def test_the_first_curves_are_drawn_with_their_best_laws(study, result):
    panels = [element for element in study[1] if element[0] == "svg" and "Loss of" in element[1].get("aria-label", "")]
    assert [panel[1]["aria-label"] for panel in panels] == [
        f"Loss of {run['curve']}" + (f" with its best law, {run['best_form']}" if run["best_form"] else "")
        for run in result["runs_summary"]
    ]


def test_nothing_outside_the_page_is_named_and_names_inject_nothing(study):
    folder, found = study
    text = (folder / "report.html").read_text(encoding="utf-8")
    assert "<b>bold</b>" not in text
    assert [element[1] for element in found if element[0] == "script"] == [
        {"type": "application/json", "id": "charts"},
        {},
        {},
    ]
    for _, attributes, _ in found:
        for key in ("src", "href"):
            assert attributes.get(key, "#").startswith(("#", "data:"))
    assert "url(" not in re.sub(r"<script>.*?</script>", "", text, flags=re.DOTALL)


def test_every_picture_has_a_size_and_an_alternative_text(study):
    pictures = [element[1] for element in study[1] if element[0] == "img"]
    assert len(pictures) == 5
    assert all(int(picture["width"]) > 100 and int(picture["height"]) > 50 and picture["alt"] for picture in pictures)
    assert all(element[1].get("aria-label") for element in study[1] if element[1].get("role") == "img")


def test_json_in_a_script_cannot_end_it():
    assert "</script" not in as_json({"name": "</script><script>"})
    assert json.loads(as_json({"name": "</script>"})) == {"name": "</script>"}


@pytest.mark.slow
def test_experiments_side_by_side(tmp_path, laws):
    for name, aics in {"one": (-9.0, -5.0), "two": (-5.0, -9.0)}.items():
        ranked = sorted(zip(("power_law", "exponential"), aics, strict=True), key=lambda entry: entry[1])
        shapes = {"power_law": {"a": 1.0, "beta": 0.5}, "exponential": {"a": 1.0, "lambda": 0.25}}
        runs = [run_of([law_fit(form, aic, params={**shapes[form], "L_inf": 0.0}) for form, aic in ranked])]
        write_results(tmp_path / name, describe(name, None, Fitting(), runs), runs, laws[:2])
    write_comparison(tmp_path / "compare.html", [tmp_path / "one", tmp_path / "two"])
    text = (tmp_path / "compare.html").read_text(encoding="utf-8")
    assert "power_law wins most runs in 1 of 2 experiments; exponential in two." in text
    assert "beta = 0.5" in text
    assert "lambda = 0.25" in text


def test_experiments_side_by_side_name_what_has_no_fit(study, tmp_path):
    write_comparison(tmp_path / "compare.html", [study[0]])
    page = Elements()
    page.feed((tmp_path / "compare.html").read_text(encoding="utf-8"))
    assert [element[2] for element in page.found if element[0] == "li"][-1] == "none"
