"""A browser for the built pages, opened from disk and watched for errors and foreign requests."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

HTML = Path(__file__).parents[2] / "_build" / "html"

BROWSERS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
NO_BROWSER = (
    "the browser tests need Chromium or Chrome on the PATH: install one "
    "(Debian: apt install chromium; Fedora: dnf install chromium; macOS: Google Chrome)"
)
OWN_SCHEMES = ("file:", "data:", "blob:", "about:")


@pytest.fixture(scope="session")
def html() -> Path:
    """Return the folder of the built book."""
    if not (HTML / "index.html").exists():
        pytest.fail("the book is not built: run `make book` first", pytrace=False)
    return HTML


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start a headless Chromium; where there is none, skip, but fail in CI."""
    executable = next(filter(None, map(shutil.which, BROWSERS)), None)
    if executable is None:
        if os.environ.get("CI") == "true":
            pytest.fail(NO_BROWSER, pytrace=False)
        pytest.skip(NO_BROWSER)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        yield browser
        browser.close()


@contextmanager
def watched_tabs(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Give a function that opens a tab, given a context's options; no tab may misbehave."""
    contexts = []
    problems: list[str] = []

    def watch_request(url: str) -> None:
        if not url.startswith(OWN_SCHEMES):
            problems.append(f"a request to {url}")

    def open_tab(**options: Any) -> Page:
        context = browser.new_context(**options)
        contexts.append(context)
        context.route(lambda url: not url.startswith(OWN_SCHEMES), lambda route: route.abort())
        page = context.new_page()
        page.on("request", lambda request: watch_request(request.url))
        page.on("requestfailed", lambda request: problems.append(f"{request.url} did not load"))
        page.on("pageerror", lambda error: problems.append(f"a script error: {error}"))
        page.on(
            "console",
            lambda line: line.type == "error" and problems.append(f"on the console: {line.text}"),
        )
        return page

    try:
        yield open_tab
    finally:
        for context in contexts:
            context.close()
    assert not problems, "; ".join(problems)


@pytest.fixture
def new_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Return a function that opens a watched tab, given a context's options."""
    with watched_tabs(browser) as open_tab:
        yield open_tab


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """Return a tab of a desktop's width."""
    return new_page(viewport={"width": 1280, "height": 900})
