# pip install msal
import msal

{% if v.is_native() %}app = msal.PublicClientApplication(
    "{{ v.client_id }}",
    authority="{{ v.authority }}",
    instance_discovery=False,  # do not ask Microsoft about this host
)
answer = app.acquire_token_interactive([{{ v.scope.json()|safe }}])
print(answer.get("access_token") or answer["error_description"])
{% else %}app = msal.ConfidentialClientApplication(
    "{{ v.client_id }}",
    client_credential={{ v.secret.json()|safe }},
    authority="{{ v.authority }}",
    instance_discovery=False,  # do not ask Microsoft about this host
)
{% if v.is_web() %}# 1. Send the browser to flow["auth_uri"], and keep the flow in the session:
flow = app.initiate_auth_code_flow([{{ v.scope.json()|safe }}], redirect_uri={{ v.redirect_uri.json()|safe }})
print(flow["auth_uri"])
# 2. In the handler of the redirect URI, with its query parameters as a dict:
# answer = app.acquire_token_by_auth_code_flow(flow, parameters)
{% else %}answer = app.acquire_token_for_client([{{ v.default_scope.json()|safe }}])
print(answer.get("access_token") or answer["error_description"])
{% endif %}{% endif %}
