# In the same terminal, with the code from the address that the browser ended at:
curl{{ v.cacert() }} {{ v.authority }}/oauth2/v2.0/token{% if v.is_spa() %} -H {{ v.origin_header().sh()|safe }}{% endif %} \
  -d grant_type=authorization_code -d client_id={{ v.client_id }} -d code_verifier="$verifier" \
  --data-urlencode redirect_uri={{ v.redirect_uri.sh()|safe }} \
{% if v.has_secret() %}  --data-urlencode client_secret={{ v.secret.sh()|safe }} \
{% endif %}  -d code=PASTE_THE_CODE
