curl{{ v.cacert() }} {{ v.authority }}/oauth2/v2.0/token \
  -d grant_type=urn:ietf:params:oauth:grant-type:device_code -d client_id={{ v.client_id }} \
  -d device_code=PASTE_THE_DEVICE_CODE
