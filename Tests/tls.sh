#!/usr/bin/env bash
# HTTPS in front of an HTTP port, for the tests: `start DIR PORT [client]` makes authorities and certificates in DIR, asks
# clients for one where told to, and prints the port that it listens on; `stop DIR` ends it.
set -euo pipefail
action=$1
dir=$2
authority() { openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=$1" -keyout "$1.key" -out "$1.pem" 2> /dev/null; }
certificate() {
  openssl req -newkey rsa:2048 -nodes -subj "/CN=$1" -keyout "$1.key" -out "$1.csr" 2> /dev/null
  openssl x509 -req -days 2 -in "$1.csr" -CA ca.pem -CAkey ca.key -CAcreateserial -extfile <(echo "$2") -out "$1.pem" 2> /dev/null
}
case $action in
  start)
    mkdir -p "$dir"
    cd "$dir"
    authority ca
    authority stranger
    certificate server "subjectAltName=DNS:localhost"
    certificate client "extendedKeyUsage=clientAuth"
    verify=0
    [ "${4:-}" != client ] || verify=1
    socat -d -d "OPENSSL-LISTEN:0,bind=127.0.0.1,reuseaddr,fork,cert=server.pem,key=server.key,cafile=ca.pem,verify=$verify" \
      "TCP:127.0.0.1:$3" > /dev/null 2> log < /dev/null &
    echo $! > pid
    # A busy machine takes its time.
    for _ in $(seq 1000); do
      port=$(sed -n 's/.*listening on .*:\([0-9]*\)$/\1/p' log)
      [ -n "$port" ] && echo "$port" && exit 0
      sleep 0.05
    done
    exit 1
    ;;
  stop) kill "$(cat "$dir/pid")" ;;
esac
