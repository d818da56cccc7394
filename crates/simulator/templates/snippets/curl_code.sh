verifier=$(openssl rand -hex 32)
challenge=$(printf %s "$verifier" | openssl dgst -sha256 -binary | base64 | tr '+/' '-_' | tr -d '=')
# Open this and sign in:
echo "{{ v.authority }}/oauth2/v2.0/authorize?client_id={{ v.client_id }}&response_type=code&redirect_uri={{ v.redirect_uri.url() }}&scope={{ v.scope.url() }}%20openid%20offline_access&code_challenge_method=S256&code_challenge=$challenge"
