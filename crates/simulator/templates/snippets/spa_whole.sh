mkdir tenantry-spa && cd tenantry-spa
npm init -y > /dev/null && npm install --silent @azure/msal-browser@5 vite@6
cat > index.html <<'HTML'
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Who am I?</title>
<h1 id="who">Nobody is signed in</h1>
<button id="in">Sign in</button> <button id="out" hidden>Sign out</button>
<pre id="more"></pre>
<script type="module" src="/main.js"></script>
HTML
cat > main.js <<'JS'
import { PublicClientApplication } from "@azure/msal-browser";

const show = (id, text) => { document.getElementById(id).textContent = text; };
const scopes = [{{ v.scope.json()|safe }}];
const msal = new PublicClientApplication({
  auth: {
    clientId: "{{ v.client_id }}",
    authority: "{{ v.authority }}",
    knownAuthorities: ["{{ v.host_and_port }}"],
    redirectUri: {{ v.page_uri.json()|safe }},
    postLogoutRedirectUri: {{ v.page_uri.json()|safe }},
  },
});
document.getElementById("in").onclick = () => msal.loginRedirect({ scopes }).catch((e) => show("more", e.message));
document.getElementById("out").onclick = () => msal.logoutRedirect();
try {
  await msal.initialize();
  const answer = await msal.handleRedirectPromise();
  const account = answer?.account ?? msal.getAllAccounts()[0];
  if (account) {
    const token = await msal.acquireTokenSilent({ scopes, account });
    show("who", `Signed in as ${account.name}`);
    show("more", `${account.username} at tenant ${token.tenantId}, with ${token.scopes.join(" ")}`);
    document.getElementById("in").hidden = true;
    document.getElementById("out").hidden = false;
  }
} catch (problem) {
  show("more", problem.message);
}
JS
npx vite --port {{ v.page_port }} --strictPort
