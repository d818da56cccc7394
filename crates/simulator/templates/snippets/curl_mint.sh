# No sign-in, no policy: any token, also a wrong one.
curl{{ v.cacert() }} {{ v.base }}/sim/tokens -d {{ v.mint_body.sh()|safe }}
