"""The commands that read files: tables, JSON, pictures, exit statuses."""

import json

import numpy as np
import pytest

from losslaws.cli.main import main

pytestmark = pytest.mark.slow

T = np.arange(1, 121)


def write(path, curves=1, points=120):
    """Write a log of curves that follow a power law."""
    noise = np.random.default_rng(0)
    rows = ["run,step,loss"]
    for number in range(curves):
        loss = (2 + number) * T**-0.5 + 1 + 0.005 * noise.standard_normal(T.size)
        rows += [f"r{number},{t},{value:.6f}" for t, value in zip(T[:points], loss, strict=False)]
    path.write_text("\n".join(rows) + "\n")
    return str(path)


@pytest.fixture
def one(tmp_path):
    return write(tmp_path / "one.csv")


@pytest.fixture
def three(tmp_path):
    return write(tmp_path / "three.csv", curves=3)


COLUMNS = ["--t", "step", "--loss", "loss", "--curve", "run"]


def run(*arguments):
    return main([*arguments, *COLUMNS, "--laws", "power_law", "exponential"])


def test_fit_prints_a_table(one, capsys):
    assert run("fit", one) == 0
    out = capsys.readouterr().out
    assert "power_law fits best" in out
    assert "exponential" in out


def test_fit_as_json(three, capsys):
    assert run("fit", three, "--json", "--skip", "5") == 0
    found = json.loads(capsys.readouterr().out)
    assert [entry["best"] for entry in found] == ["power_law"] * 3
    assert found[0]["fits"][0]["n"] == 115
    assert found[0]["fits"][0]["params"]["beta"] == pytest.approx(0.5, abs=0.1)


def test_forecast_prints_a_table_for_one_and_a_row_for_each_of_many(one, three, capsys):
    assert run("forecast", one, "--horizon", "240") == 0
    assert "loss at t = 240" in capsys.readouterr().out
    assert run("forecast", three, "--target", "1.19") == 1
    out = capsys.readouterr().out
    assert out.splitlines()[0].split()[:3] == ["curve", "last", "t"]
    assert len([line for line in out.splitlines() if "120" in line]) == 3


def test_forecast_as_json(one, capsys):
    assert run("forecast", one, "--target", "1.15", "--json") == 0
    (entry,) = json.loads(capsys.readouterr().out)
    assert entry["horizon"] == 240
    assert 120 < entry["reached"]["value"] < 240
    assert entry["final"]["lower_90"] < entry["final"]["value"] < entry["final"]["upper_90"]
    assert len(entry["curve_ahead"]["t"]) == len(entry["curve_ahead"]["upper_50"])


def test_the_exit_status_says_whether_the_target_is_reached(one):
    assert run("forecast", one, "--target", "1.15") == 0
    assert run("forecast", one, "--target", "1.01") == 1


def test_forecasts_calibrated_on_finished_curves(one, three, capsys):
    assert run("forecast", one, "--like", three) == 0
    assert "calibrated on 3 other curves" in capsys.readouterr().out


def test_backtest(three, capsys):
    assert run("backtest", three) == 0
    assert capsys.readouterr().out.startswith("3 curves; the intervals of each are calibrated on the others")
    assert run("backtest", three, "--json", "--fractions", "0.5") == 0
    found = json.loads(capsys.readouterr().out)
    assert {row["fraction"] for row in found["rows"]} == {0.5}
    assert found["summary"][0]["forecaster"] == "combination"


@pytest.mark.parametrize("command", ["fit", "forecast", "backtest"])
def test_pictures(one, tmp_path, capsys, command):
    picture = tmp_path / "picture.png"
    assert run(command, one, "--plot", str(picture)) == 0
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert f"Plot: {picture}" in capsys.readouterr().err


def test_one_curve_of_many(three, tmp_path, capsys):
    assert run("fit", three, "--json") == 0
    names = [entry["curve"] for entry in json.loads(capsys.readouterr().out)]
    picture = tmp_path / "one.svg"
    assert run("fit", three, "--only", names[1], "--plot", str(picture), "--json") == 0
    assert [entry["curve"] for entry in json.loads(capsys.readouterr().out)] == [names[1]]
    assert "<svg" in picture.read_text()


def test_guesses_go_to_standard_error(one, capsys):
    assert main(["fit", one, "--laws", "power_law"]) == 0
    captured = capsys.readouterr()
    assert "guessed" in captured.err
    assert "guessed" not in captured.out


@pytest.mark.parametrize("command", ["fit", "forecast"])
def test_a_mistake_in_a_law_is_not_one_of_the_curve(one, tmp_path, capsys, command):
    (tmp_path / "mine.py").write_text("LAW = (\n")
    assert main([command, one, "--laws", str(tmp_path / "mine.py")]) == 2
    last = capsys.readouterr().err.splitlines()[-1]
    assert last == f"losslaws: {tmp_path / 'mine.py'}: line 1: '(' was never closed"


def test_curves_too_short_for_a_forecast(tmp_path, capsys):
    assert run("forecast", write(tmp_path / "short.csv", points=8)) == 1
    assert "has 8 points; a forecast needs 12 at least" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["fit", "{one}", "--plot", "picture.txt"], "--plot: is 'picture.txt'; expected a file name that ends in .png"),
        (
            ["fit", "{three}", "--plot", "p.png"],
            "--plot: shows one curve, but there are 3; choose one with --only NAME",
        ),
        (["fit", "{three}", "--only", "r9"], "--only: curve 'r9' is unknown"),
        (["fit", "{one}", "--skip", "500"], "skip: is 500; expected a whole number from 0 to 119"),
        (["forecast", "{one}", "--horizon", "soon"], "horizon: is 'soon'; expected a t"),
        (["forecast", "{one}", "--horizon", "1x"], "horizon: is '1x'"),
        (["forecast", "{one}", "--target", "nan"], "target: is nan; expected a finite loss"),
        (["backtest", "{one}", "--fractions", "2"], "fractions: is 2.0; expected shares of a curve"),
        (["fit", "nowhere.csv"], "nowhere.csv"),
    ],
)
def test_mistakes_are_one_sentence_and_status_2(one, three, capsys, arguments, sentence):
    assert run(*(argument.format(one=one, three=three) for argument in arguments)) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    last = captured.err.splitlines()[-1]
    assert last.startswith("losslaws: ")
    assert sentence in last


@pytest.mark.parametrize("arguments", [[], ["guess"], ["fit"], ["fit", "a.csv", "--space", "cubic"]])
def test_usage_is_status_2(capsys, arguments):
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2
    assert "usage: losslaws" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["fit", "forecast", "backtest"])
def test_help_has_examples_and_exit_statuses(capsys, command):
    with pytest.raises(SystemExit) as stopped:
        main([command, "--help"])
    assert stopped.value.code == 0
    text = capsys.readouterr().out
    assert f"  losslaws {command} " in text
    assert "exit status:" in text


def test_laws_as_json(capsys):
    assert main(["laws", "--json"]) == 0
    laws = {law["name"]: law for law in json.loads(capsys.readouterr().out)}
    assert laws["power_law"]["parameters"] == ["a", "beta", "L_inf"]
