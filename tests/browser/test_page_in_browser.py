"""``report.html`` in a real browser: it opens from disk, fits narrow screens, sorts, links, and can be read."""

import json
from urllib.parse import urlsplit

import pytest
from page_study import NAMES
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By

CONTRASTS = """
const channel = (value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
const parts = (colour) => colour.match(/[\\d.]+/g).map(Number);
const luminance = ([r, g, b]) => 0.2126 * channel(r / 255) + 0.7152 * channel(g / 255) + 0.0722 * channel(b / 255);
function background(element) {
  for (; element; element = element.parentElement) {
    const colour = parts(getComputedStyle(element).backgroundColor);
    if (colour.length === 3 || colour[3] > 0) return colour;
  }
  return [255, 255, 255];
}
const worst = [];
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
  const element = walker.currentNode.parentElement;
  if (!walker.currentNode.data.trim() || !element.checkVisibility() || element.closest("script, style")) continue;
  const style = getComputedStyle(element);
  const ink = luminance(parts(element.closest("svg") ? style.fill : style.color));
  const paper = luminance(background(element));
  const ratio = (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05);
  if (ratio < 4.5) worst.push([ratio, walker.currentNode.data.trim().slice(0, 40)]);
}
return worst;
"""
"""Texts whose contrast is below that of WCAG AA, 4.5."""


def show(browser, page, width=1280, scheme="light", anchor=""):
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False},
    )
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    browser.get("about:blank")
    browser.get(f"{page.as_uri()}{anchor}")


def test_it_opens_without_an_error_and_asks_for_nothing_else(browser, page):
    browser.get_log("browser")
    browser.get_log("performance")
    show(browser, page, anchor="#curve-0")
    assert browser.get_log("browser") == []
    events = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    asked = [event["params"]["request"]["url"] for event in events if event["method"] == "Network.requestWillBeSent"]
    assert {urlsplit(url).scheme for url in asked} <= {"file", "data", "about"}
    assert {url.split("#")[0] for url in asked if url.startswith("file:")} == {page.as_uri()}


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_scrolls_sideways(browser, page, width):
    show(browser, page, width, anchor="#curve-3")
    assert browser.execute_script("return document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_texts_can_be_read(browser, page, scheme):
    show(browser, page, scheme=scheme, anchor="#curve-0")
    colours = browser.execute_script("return getComputedStyle(document.body).backgroundColor")
    assert (colours == "rgb(255, 255, 255)") == (scheme == "light")
    assert browser.execute_script(CONTRASTS) == []


def column(browser, number):
    script = (
        "return [...document.querySelectorAll('#runs tbody tr')].map((row) => row.cells[arguments[0]].dataset.value)"
    )
    return browser.execute_script(script, number)


def click_heading(browser, number):
    browser.execute_script("document.querySelectorAll('#runs th button')[arguments[0]].click()", number)


def test_the_table_sorts_by_number_and_by_text(browser, page):
    show(browser, page)
    click_heading(browser, 8)
    known = [float(value) for value in column(browser, 8) if value]
    assert known == sorted(known)
    assert column(browser, 8)[-1] == ""
    click_heading(browser, 8)
    assert [float(value) for value in column(browser, 8) if value] == known[::-1]
    assert column(browser, 8)[-1] == ""
    click_heading(browser, 1)
    winners = column(browser, 1)
    assert winners == sorted(winners)
    state = "return document.querySelectorAll('#runs th')[1].getAttribute('aria-sort')"
    assert browser.execute_script(state) == "ascending"


@pytest.mark.parametrize("number", range(len(NAMES)))
def test_a_link_leads_to_a_curve_shown_by_its_name(browser, page, number):
    show(browser, page)
    browser.execute_script(f"document.querySelector('#runs a[href=\"#curve-{number}\"]').click()")
    opened = f"const curve = document.getElementById('curve-{number}');"
    assert browser.execute_async_script(f"{opened} setTimeout(() => arguments[0](curve.open), 100)")
    assert browser.execute_script(f"{opened} return curve.querySelector('summary').textContent") == NAMES[number]
    sizes = f"{opened} return [...curve.querySelectorAll('canvas')].map((canvas) => canvas.width * canvas.height)"
    assert [size > 10_000 for size in browser.execute_script(sizes)] == [True, True]


def test_a_drag_zooms_and_a_double_click_shows_everything_again(browser, page):
    show(browser, page, anchor="#curve-0")
    chart = browser.find_element(By.CSS_SELECTOR, "#curve-0 .u-over")
    settled = "setTimeout(() => arguments[0](document.querySelector('#curve-0 canvas').toDataURL()), 200)"
    browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", chart)
    whole = browser.execute_async_script(settled)
    drag = ActionChains(browser).move_to_element_with_offset(chart, -100, 0).click_and_hold().move_by_offset(150, 0)
    drag.release().perform()
    assert browser.execute_async_script(settled) != whole
    ActionChains(browser).double_click(chart).perform()
    assert browser.execute_async_script(settled) == whole


def test_names_are_shown_and_do_nothing(browser, page):
    show(browser, page)
    assert column(browser, 0) == list(NAMES)
    links = "return [...document.querySelectorAll('#runs tbody a')].map((link) => link.textContent)"
    assert browser.execute_script(links) == list(NAMES)
    assert browser.execute_script("return document.querySelectorAll('#runs b, #runs i, #runs script').length") == 0


def test_every_picture_is_drawn(browser, page):
    show(browser, page)
    sizes = "return [...document.images].map((image) => [image.complete, image.naturalWidth, image.alt])"
    pictures = browser.execute_script(sizes)
    assert len(pictures) == 5
    assert all(complete and width > 100 and text for complete, width, text in pictures)


def test_it_prints_to_a_document(browser, page):
    show(browser, page)
    document = browser.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True})["data"]
    assert len(document) > 50_000
