// Signs somebody in by authorization code + PKCE (RFC 7636), without a library, so that each step can be read here.
// A real page uses MSAL; see the guide.
"use strict";

const { simulator, client, scope } = document.body.dataset;
const here = location.origin + "/";
const byId = (id) => document.getElementById(id);

const base64url = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const random = () => base64url(crypto.getRandomValues(new Uint8Array(32)));
const sha256 = (text) => crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));

async function signIn(tenant, hint) {
  const attempt = { tenant, state: random(), verifier: random() };
  sessionStorage.setItem("attempt", JSON.stringify(attempt));
  const query = new URLSearchParams({
    client_id: client, response_type: "code", response_mode: "fragment", redirect_uri: here, prompt: "login",
    scope: `openid profile ${scope}`, state: attempt.state, nonce: random(), login_hint: hint,
    code_challenge: base64url(await sha256(attempt.verifier)), code_challenge_method: "S256",
  });
  location.assign(`${simulator}/${tenant}/oauth2/v2.0/authorize?${query}`);
}

// A callback without its own attempt does nothing.
async function finishSignIn() {
  const answer = new URLSearchParams(location.hash.slice(1));
  const attempt = JSON.parse(sessionStorage.getItem("attempt") ?? "null");
  sessionStorage.removeItem("attempt");
  if (location.hash) history.replaceState(null, "", "/");
  if (!attempt || answer.get("state") !== attempt.state) return;
  if (answer.has("error")) return show("The sign-in was refused", answer.get("error_description") ?? answer.get("error"));
  const response = await fetch(`${simulator}/${attempt.tenant}/oauth2/v2.0/token`, {
    method: "POST",
    body: new URLSearchParams({
      client_id: client, grant_type: "authorization_code", code: answer.get("code"), redirect_uri: here,
      code_verifier: attempt.verifier, scope,
    }),
  });
  const tokens = await response.json();
  if (!response.ok) return show("The token endpoint refused", tokens.error_description);
  await showApi(tokens.access_token);
}

function show(title, explanation, answer) {
  byId("result").hidden = false;
  byId("result-title").textContent = title;
  byId("explain").textContent = explanation ?? "";
  byId("answer").hidden = answer === undefined;
  byId("answer").textContent = answer ?? "";
}

function call(token, path, options = {}) {
  return fetch(path, { ...options, headers: { ...options.headers, authorization: `Bearer ${token}` } });
}

async function showApi(token) {
  const me = await call(token, "/api/me");
  if (!me.ok) {
    const answer = `HTTP ${me.status}\nWWW-Authenticate: ${me.headers.get("www-authenticate")}\n\n${await me.text()}`;
    return show(`The API answered ${me.status}`, "That is all a caller is told. The terminal that runs the demo shows the reason.", answer);
  }
  const profile = await me.json();
  show(`Signed in: ${profile.display_name ?? profile.object_id}`);
  showProfile(profile);
  await showTasks(token);
  const mayCreate = profile.roles.some((role) => role === "Admin" || role === "Editor");
  byId("create").hidden = !mayCreate;
  byId("create").onsubmit = (event) => addTask(event, token);
}

function showProfile(profile) {
  const rows = { "Tenant id": profile.tenant_id, "Object id": profile.object_id, Membership: profile.membership, Roles: profile.roles.join(", ") || "none", Scopes: profile.scopes.join(", ") };
  byId("profile").replaceChildren(...Object.entries(rows).flatMap(([name, value]) => {
    const [term, text] = [document.createElement("dt"), document.createElement("dd")];
    term.textContent = name;
    text.textContent = value;
    return [term, text];
  }));
  byId("profile").hidden = false;
}

async function showTasks(token) {
  const response = await call(token, "/api/tasks");
  if (!response.ok) {
    byId("explain").textContent = `GET /api/tasks answered ${response.status}: this caller has no role for it.`;
    return;
  }
  const listed = await response.json();
  const tasks = Array.isArray(listed) ? listed : listed.tasks;
  byId("tasks").replaceChildren(...tasks.map((task) => {
    const item = document.createElement("li");
    item.textContent = `${task.completed ? "✓ " : ""}${task.title} (${task.owner_name})`;
    return item;
  }));
  byId("tasks").hidden = tasks.length === 0;
  byId("explain").textContent = tasks.length === 0 ? "No tasks in this organisation that this caller may see." : "";
}

async function addTask(event, token) {
  event.preventDefault();
  const title = byId("title").value;
  const response = await call(token, "/api/tasks", {
    method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ title }),
  });
  byId("title").value = "";
  if (response.ok) await showTasks(token);
  else byId("explain").textContent = `POST /api/tasks answered ${response.status}.`;
}

for (const button of document.querySelectorAll(".sign-in")) {
  button.addEventListener("click", () => signIn(button.dataset.tenant, button.dataset.hint));
}
finishSignIn().catch((fault) => show("Something failed", String(fault)));
