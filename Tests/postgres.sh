#!/usr/bin/env bash
# A throw-away PostgreSQL for the tests: `start DIR` prints its URL, `stop DIR` ends it, `kill DIR` ends it as a crash does,
# `restart DIR` starts it again, `pool DIR` starts a PgBouncer before it, which shares few sessions among many clients, and
# prints its URL. They listen on sockets in DIR only, and run as an unprivileged user.
set -euo pipefail
action=$1
dir=$2
bin=$(find /usr/lib/postgresql -mindepth 2 -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -1)
as=()
[ "$(id -u)" -ne 0 ] || as=(runuser -u postgres --)
locales="$dir/locales"
server() {
  "${as[@]}" env LOCPATH="$locales" "$bin/pg_ctl" -D "$dir/data" -l "$dir/log" -w -s "$@" > /dev/null
}
case $action in
  start)
    mkdir -p "$locales"
    # The system's own locales may not have it.
    localedef -i en_US -f UTF-8 "$locales/en_US.UTF-8" 2> /dev/null || [ -e "$locales/en_US.UTF-8" ]
    [ "$(id -u)" -ne 0 ] || chown -R postgres "$dir"
    "${as[@]}" env LOCPATH="$locales" "$bin/initdb" -D "$dir/data" -U kv -A trust -E UTF8 --locale=C --no-sync > /dev/null
    "${as[@]}" tee -a "$dir/data/postgresql.conf" > /dev/null <<CONF
listen_addresses = ''
unix_socket_directories = '$dir'
max_connections = 600
fsync = ${KV_TEST_FSYNC:-off}
CONF
    server start
    echo "postgresql:///postgres?host=$dir&user=kv"
    ;;
  restart)
    # The dead server's children hold its shared memory for a moment.
    for _ in $(seq 100); do
      server start 2> /dev/null && exit 0
      sleep 0.1
    done
    exit 1
    ;;
  pool)
    mkdir -p "$dir/pool"
    echo '"kv" ""' > "$dir/pool/users"
    cat > "$dir/pool/pgbouncer.ini" <<CONF
[databases]
* = host=$dir
[pgbouncer]
listen_addr =
unix_socket_dir = $dir/pool
pidfile = $dir/pool/pid
logfile = $dir/pool/log
auth_type = trust
auth_file = $dir/pool/users
pool_mode = transaction
default_pool_size = ${KV_TEST_POOL_SIZE:-2}
max_client_conn = 1000
server_idle_timeout = 5
log_connections = 0
log_disconnections = 0
CONF
    [ "$(id -u)" -ne 0 ] || chown -R postgres "$dir/pool"
    "${as[@]}" env PATH="$PATH:/usr/sbin" pgbouncer -q -d "$dir/pool/pgbouncer.ini" > /dev/null
    echo "postgresql:///postgres?host=$dir/pool&port=6432&user=kv"
    ;;
  stop)
    [ ! -e "$dir/pool/pid" ] || kill "$(cat "$dir/pool/pid")" || true
    server -m immediate stop
    ;;
  kill) kill -KILL "$(head -1 "$dir/data/postmaster.pid")" ;;
esac
