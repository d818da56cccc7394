"""A page as far as a person needs it: its words, its forms, its links."""

import html.parser


class Page(html.parser.HTMLParser):
    """An answer of the authority, read."""

    def __init__(self, answer):
        super().__init__()
        self.url, self.status = answer.url, answer.status_code
        self.location = answer.headers.get("Location", "")
        self.forms, self.links, self.text, self.silent = [], {}, [], False
        self.feed(answer.text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.silent = tag in ("style", "script")
        if tag == "form":
            self.forms.append(Form(attributes))
        elif tag in ("input", "button") and self.forms:
            self.forms[-1].add(attributes, attributes.get("type", "text" if tag == "input" else "submit"))
        elif tag == "a":
            self.links[attributes.get("id", attributes.get("href"))] = attributes.get("href")

    def handle_endtag(self, tag):
        self.silent = False

    def handle_data(self, data):
        if not self.silent:
            self.text.append(data)

    def form(self):
        """The form that asks for a password, else the first."""
        asking = [form for form in self.forms if form.asks_for("password")]
        return next(iter(asking + self.forms), None)

    def leads_on(self):
        return bool(self.location or self.form())

    def words(self):
        return " ".join(" ".join(self.text).split())


class Form:
    """One form and its fields, as (type, name, value)."""

    def __init__(self, attributes):
        self.action = attributes.get("action") or ""
        self.fields = []

    def add(self, attributes, kind):
        if attributes.get("name"):
            self.fields.append((kind, attributes["name"], attributes.get("value") or ""))

    def asks_for(self, kind):
        return any(known == kind for known, _, _ in self.fields)

    def has(self, name):
        return any(known == name for _, known, _ in self.fields)

    def hidden(self):
        return {name: value for kind, name, value in self.fields if kind == "hidden"}

    def filled(self, browser):
        """What a browser would send: hidden fields, typed text, ticked boxes, and the button that the person chose."""
        typed = {"text": browser.user["upn"], "email": browser.user["upn"], "password": browser.user["password"]}
        data = self.hidden()
        for kind, name, value in self.fields:
            if kind in typed:
                data[name] = browser.code if name == "otc" else typed[kind]
            elif kind == "checkbox" and browser.for_everybody:
                data[name] = value
        buttons = [(name, value) for kind, name, value in self.fields if kind == "submit"]
        chosen = [button for button in buttons if button == ("decision", browser.decision)]
        return {**data, **dict((chosen or buttons)[:1])}
