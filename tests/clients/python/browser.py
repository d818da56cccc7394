"""The part of a sign-in that a person does in a browser: read a page, fill in a form, decide, follow redirects."""

import contextlib
import threading
import urllib.parse
import webbrowser

import requests

from page import Page

STEPS_MAX = 12


class SignInRefused(Exception):
    """The authority showed a page that leads nowhere. Says what the page said; the page itself is there, too."""

    def __init__(self, page):
        super().__init__(f"{page.status}: {page.words()}")
        self.page = page


class Browser:
    """A browser with one person in front of it. Sessions last as long as the object."""

    def __init__(self, user, decision="accept", for_everybody=False, code=None):
        self.user, self.decision, self.for_everybody, self.code = user, decision, for_everybody, code
        self.session = requests.Session()
        self.seen = []

    def visit(self, address, redirect_uri):
        """From an authorize or consent address to what came back to the redirect URI.

        The last step, a redirect or a form that submits itself (`form_post`), is caught and not followed: nobody
        listens there.
        """
        return self.walk(address, lambda page: handed_over(page, redirect_uri))

    def confirm_device(self, address):
        """From the address that a device shows to the page that says how it ended."""
        return self.walk(address, lambda page: None if page.leads_on() or page.status >= 400 else page.words())

    def walk(self, address, finished):
        page = self.open(requests.Request("GET", address))
        for _ in range(STEPS_MAX):
            answer = finished(page)
            if answer is not None:
                return answer
            page = self.next(page)
        raise AssertionError(f"still not done after {STEPS_MAX} pages, the last at {page.url}")

    def open(self, request):
        prepared = self.session.prepare_request(request)
        settings = self.session.merge_environment_settings(prepared.url, {}, None, None, None)
        page = Page(self.session.send(prepared, allow_redirects=False, timeout=10, **settings))
        self.seen.append(page)
        return page

    def next(self, page):
        if page.location:
            return self.open(requests.Request("GET", urllib.parse.urljoin(page.url, page.location)))
        form = page.form()
        if form is None or page.status >= 400:
            raise SignInRefused(page)
        target, data = urllib.parse.urljoin(page.url, form.action), form.filled(self)
        after = self.open(requests.Request("POST", target, data=data))
        if form.asks_for("password") and after.form() and after.form().asks_for("password"):
            raise SignInRefused(after)
        return after

    def asked_for_consent(self):
        """How many pages asked this person to decide about permissions."""
        return sum(1 for page in self.seen if page.form() and page.form().has("decision"))


@contextlib.contextmanager
def opened_by(user, decision="accept"):
    """Libraries that open the system's browser get this person in front of it."""
    before = webbrowser._tryorder
    webbrowser.register("person", None, Person(Browser(user, decision)), preferred=True)
    try:
        yield
    finally:
        webbrowser._tryorder = before


class Person(webbrowser.BaseBrowser):
    """Signs in wherever the system's browser is opened."""

    def __init__(self, browser):
        super().__init__("person")
        self.browser = browser

    def open(self, url, new=0, autoraise=True):
        # The library answers the last request itself, so it must get its thread back first.
        threading.Thread(target=self.work, args=[url], daemon=True).start()
        return True

    def work(self, url):
        asked = parameters(url)
        answer = self.browser.visit(url, asked["redirect_uri"])
        send = requests.post if asked.get("response_mode") == "form_post" else requests.get
        carried = {"data": answer} if send is requests.post else {"params": answer}
        send(asked["redirect_uri"], timeout=10, **carried)


def handed_over(page, redirect_uri):
    """What the authority hands to the application with this page, if it does."""
    if belongs_to(page.location, redirect_uri):
        return parameters(page.location)
    form = page.form()
    if form and belongs_to(form.action, redirect_uri):
        return form.hidden()
    return None


def belongs_to(target, redirect_uri):
    return target.split("?")[0].split("#")[0].rstrip("/") == redirect_uri.rstrip("/")


def parameters(target):
    """Of a query, or of a fragment."""
    parts = urllib.parse.urlsplit(target)
    return dict(urllib.parse.parse_qsl(parts.query or parts.fragment, keep_blank_values=True))
