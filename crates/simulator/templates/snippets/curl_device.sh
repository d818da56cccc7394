# Shows a code and where to type it; then run the second command.
curl{{ v.cacert() }} {{ v.authority }}/oauth2/v2.0/devicecode \
  -d client_id={{ v.client_id }} --data-urlencode scope={{ v.scope.sh()|safe }}
curl{{ v.cacert() }} {{ v.authority }}/oauth2/v2.0/token \
  -d grant_type=urn:ietf:params:oauth:grant-type:device_code -d client_id={{ v.client_id }} \
  -d device_code=PASTE_THE_DEVICE_CODE
