"""The part of a sign-in that a person does in a browser: read a page, fill in a form, follow redirects."""

import contextlib
import html.parser
import threading
import urllib.parse
import webbrowser

import requests

STEPS_MAX = 8


class SignInRefused(Exception):
    """The authority showed a page that leads nowhere. Says what the page said."""


def sign_in(address, redirect_uri, user_name, password):
    """Signs in at the authorize `address`; gives the parameters that came back to the redirect URI.

    The last step, a redirect or a form that submits itself (`form_post`), is caught and not followed: nobody listens
    there. Each call is a browser without cookies.
    """
    with requests.Session() as browser:
        page = browser.get(address, allow_redirects=False, timeout=10)
        for _ in range(STEPS_MAX):
            answer = handed_over(page, redirect_uri)
            if answer is not None:
                return answer
            page = next_page(browser, page, user_name, password)
    raise SignInRefused(f"still not done after {STEPS_MAX} pages, the last at {page.url}")


@contextlib.contextmanager
def opened_by(user):
    """Libraries that open the system's browser get this person in front of it."""
    before = webbrowser._tryorder
    webbrowser.register("person", None, Person(user), preferred=True)
    try:
        yield
    finally:
        webbrowser._tryorder = before


class Person(webbrowser.BaseBrowser):
    """A browser with a person in front of it, who signs in wherever it is opened."""

    def __init__(self, user):
        super().__init__("person")
        self.user = user

    def open(self, url, new=0, autoraise=True):
        # The library answers the last request itself, so it must get its thread back first.
        threading.Thread(target=self.work, args=[url], daemon=True).start()
        return True

    def work(self, url):
        asked = parameters(url)
        answer = sign_in(url, asked["redirect_uri"], self.user["upn"], self.user["password"])
        send = requests.post if asked.get("response_mode") == "form_post" else requests.get
        carried = {"data": answer} if send is requests.post else {"params": answer}
        send(asked["redirect_uri"], timeout=10, **carried)


def handed_over(page, redirect_uri):
    """What the authority hands to the application with this page, if it does."""
    target, form = page.headers.get("Location", ""), Page.parse(page.text).form()
    if belongs_to(target, redirect_uri):
        return parameters(target)
    if form and belongs_to(form.action, redirect_uri):
        return form.filled("", "")
    return None


def next_page(browser, page, user_name, password):
    target = page.headers.get("Location")
    if target:
        return browser.get(urllib.parse.urljoin(page.url, target), allow_redirects=False, timeout=10)
    return submit(browser, page, user_name, password)


def submit(browser, page, user_name, password):
    """Fills in the form of a page. One that asks for the password twice has refused it."""
    shown = Page.parse(page.text)
    form = shown.form()
    if form is None or page.status_code >= 400:
        raise SignInRefused(f"{page.status_code}: {shown.words()}")
    answer = browser.post(
        urllib.parse.urljoin(page.url, form.action),
        data=form.filled(user_name, password),
        allow_redirects=False,
        timeout=10,
    )
    again = Page.parse(answer.text).form()
    if form.asks_for_password() and again and again.asks_for_password():
        raise SignInRefused(Page.parse(answer.text).words())
    return answer


def belongs_to(target, redirect_uri):
    return target.split("?")[0].rstrip("/") == redirect_uri.rstrip("/")


def parameters(target):
    query = urllib.parse.urlsplit(target).query
    return dict(urllib.parse.parse_qsl(query, keep_blank_values=True))


class Form:
    """One form and its fields, as (type, name, value)."""

    def __init__(self, attributes):
        self.action = attributes.get("action") or ""
        self.fields = []

    def add(self, attributes, kind):
        if attributes.get("name"):
            self.fields.append((kind, attributes["name"], attributes.get("value") or ""))

    def asks_for_password(self):
        return any(kind == "password" for kind, _, _ in self.fields)

    def filled(self, user_name, password):
        """What a browser would send: typed text, hidden fields, and the first button."""
        typed = {"text": user_name, "email": user_name, "password": password}
        data, pressed = {}, False
        for kind, name, value in self.fields:
            if kind == "submit" and pressed:
                continue
            pressed = pressed or kind == "submit"
            data[name] = typed.get(kind, value)
        return data


class Page(html.parser.HTMLParser):
    """The forms and the words of a page."""

    @classmethod
    def parse(cls, text):
        page = cls()
        page.feed(text)
        return page

    def __init__(self):
        super().__init__()
        self.forms, self.text, self.silent = [], [], False

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.silent = tag in ("style", "script")
        if tag == "form":
            self.forms.append(Form(attributes))
        elif tag == "input" and self.forms:
            self.forms[-1].add(attributes, attributes.get("type", "text"))
        elif tag == "button" and self.forms:
            self.forms[-1].add(attributes, "submit")

    def handle_endtag(self, tag):
        self.silent = False

    def handle_data(self, data):
        if not self.silent:
            self.text.append(data)

    def form(self):
        """The form that asks for a password, else the first."""
        asking = [form for form in self.forms if form.asks_for_password()]
        return next(iter(asking + self.forms), None)

    def words(self):
        return " ".join(" ".join(self.text).split())
