curl{{ v.cacert() }} {{ v.authority }}/oauth2/v2.0/devicecode \
  -d client_id={{ v.client_id }} --data-urlencode scope={{ v.scope.sh()|safe }}
