"""The tasks API, and what each refusal must look like (RFC 6750 section 3, T-020)."""

import requests

from demo import demo


def call(method, path, token=None, body=None):
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return requests.request(method, demo().api + path, headers=headers, json=body, timeout=10)


def me(token):
    return call("GET", "/api/me", token)


def challenge(answer):
    """The one `WWW-Authenticate` field of a refusal."""
    challenges = answer.raw.headers.getlist("WWW-Authenticate")
    assert len(challenges) == 1, f"one challenge expected: {challenges}"
    assert challenges[0].split(" ")[0] == "Bearer", challenges
    return challenges[0]


def assert_invalid_token(answer):
    """A token was sent, and refused."""
    assert answer.status_code == 401, f"{answer.status_code}: {answer.text}"
    assert 'error="invalid_token"' in challenge(answer), challenge(answer)
    assert_closed(answer)


def assert_no_token(answer):
    """Nothing was sent: a challenge without an error code."""
    assert answer.status_code == 401, f"{answer.status_code}: {answer.text}"
    assert "error" not in challenge(answer), challenge(answer)
    assert_closed(answer)


def assert_forbidden(answer):
    """The caller is known, and may not do this."""
    assert answer.status_code == 403, f"{answer.status_code}: {answer.text}"
    assert 'error="insufficient_scope"' in challenge(answer), challenge(answer)
    assert_closed(answer)


def assert_closed(answer):
    """No refusal is stored, sets a cookie or leads elsewhere; each has a problem body (RFC 9457)."""
    assert "no-store" in answer.headers.get("Cache-Control", ""), answer.headers
    assert "Set-Cookie" not in answer.headers and "Location" not in answer.headers, answer.headers
    assert answer.headers["Content-Type"].startswith("application/problem+json"), answer.headers


def everything_said(answer):
    """Headers and body as one text, to look for what must not be in it. The date changes, and says nothing."""
    headers = [f"{name}: {value}" for name, value in answer.headers.items() if name.lower() != "date"]
    return "\n".join(headers + [answer.text])
