#!/usr/bin/env bash
# A throw-away PostgreSQL for the tests: `start DIR` prints its URL, `stop DIR` ends it, `kill DIR` ends it as a crash does,
# `restart DIR` starts it again. It listens on a socket in DIR only, and runs as an unprivileged user.
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
max_connections = 400
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
  stop) server -m immediate stop ;;
  kill) kill -KILL "$(head -1 "$dir/data/postmaster.pid")" ;;
esac
