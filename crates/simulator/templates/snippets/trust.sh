{% if !v.is_https() %}# Plain HTTP: nothing to trust. MSAL wants HTTPS; start the simulator with an HTTPS listener for it.
{% else %}curl{{ v.ca_fetch }} -o ca.pem
{% match runtime %}{% when Runtime::Node %}export NODE_EXTRA_CA_CERTS=$PWD/ca.pem   # read when Node starts
{% when Runtime::Python %}export REQUESTS_CA_BUNDLE=$PWD/ca.pem SSL_CERT_FILE=$PWD/ca.pem
{% when Runtime::OpenSsl %}export SSL_CERT_FILE=$PWD/ca.pem   # Linux; elsewhere import ca.pem into the system's store
{% when Runtime::Java %}keytool -importcert -noprompt -alias simulator -file ca.pem -keystore simulator.p12 -storetype PKCS12 -storepass changeit
export JAVA_TOOL_OPTIONS="-Djavax.net.ssl.trustStore=$PWD/simulator.p12 -Djavax.net.ssl.trustStorePassword=changeit"
{% when Runtime::File %}{% endmatch %}{% endif %}
