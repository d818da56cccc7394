curl{{ v.cacert() }} {{ v.authority }}/oauth2/v2.0/token \
  -d grant_type=client_credentials -d client_id={{ v.client_id }} \
  --data-urlencode client_secret={{ v.secret.sh()|safe }} \
  --data-urlencode scope={{ v.default_scope.sh()|safe }}
