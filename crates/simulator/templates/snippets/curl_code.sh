verifier=$(openssl rand -hex 32)
challenge=$(printf %s "$verifier" | openssl dgst -sha256 -binary | base64 | tr '+/' '-_' | tr -d '=')
# Open this, sign in, and take the code from the address that the browser ends at:
echo "{{ v.authority }}/oauth2/v2.0/authorize?client_id={{ v.client_id }}&response_type=code&redirect_uri={{ v.redirect_uri.url() }}&scope={{ v.scope.url() }}%20openid%20offline_access&code_challenge_method=S256&code_challenge=$challenge"
curl{{ v.cacert() }} {{ v.authority }}/oauth2/v2.0/token{% if v.is_spa() %} -H {{ v.origin_header().sh()|safe }}{% endif %} \
  -d grant_type=authorization_code -d client_id={{ v.client_id }} -d code_verifier="$verifier" \
  --data-urlencode redirect_uri={{ v.redirect_uri.sh()|safe }} \
{% if v.has_secret() %}  --data-urlencode client_secret={{ v.secret.sh()|safe }} \
{% endif %}  -d code=PASTE_THE_CODE
