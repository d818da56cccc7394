# Keeps a throw-away PostgreSQL alive for as long as standard input stays open, so that it ends with whoever
# started it, even if that one was killed. Prints `ready` when it answers.
#
# Arguments: folder of PostgreSQL's programs, free TCP port.
set -eu
bin=$1
port=$2
# The caller's own temporary folder may be closed to the user that we run as.
name=tenantry-postgres.XXXXXX
dir=$(mktemp -d "${TMPDIR:-/tmp}/$name" 2>/dev/null || mktemp -d "/tmp/$name")

finish() {
    "$bin/pg_ctl" -D "$dir/data" -m immediate -w stop >/dev/null 2>&1 || true
    rm -rf "$dir"
}
trap finish EXIT
trap '' INT TERM HUP

fail() {
    cat "$dir/log" >&2
    exit 1
}

"$bin/initdb" -D "$dir/data" -U postgres --auth=trust --no-sync --encoding=UTF8 --no-locale >"$dir/log" 2>&1 || fail
# Nothing here outlives the tests: durability is only a cost.
options="-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories='$dir' -c max_connections=200"
options="$options -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
"$bin/pg_ctl" -D "$dir/data" -l "$dir/log" -w -t 60 -o "$options" start >/dev/null 2>&1 || fail
echo ready
read -r _ || true
