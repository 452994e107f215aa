#!/usr/bin/env bash
# Installs each of the things that dist/build.sh made, on a bare Debian in a folder of its own (debootstrap, so as root), and runs the
# quick start with it. Says how long each took.
set -euo pipefail
cd "$(dirname "$0")/.."
samples/install.sh debootstrap
out=$(readlink -f dist/out)
work=$(mktemp -d)
mounted=()
trap '[ ${#mounted[@]} -eq 0 ] || umount "${mounted[@]}"; rm -rf "$work"' EXIT
debootstrap --variant=minbase bookworm "$work/bare" > "$work/log" || { tail -5 "$work/log" >&2; exit 1; }

try() {
  local name=$1 packages=$2 install=$3 picture=$4 root=$work/$1 begin
  cp -a "$work/bare" "$root"
  mkdir "$root/dist" "$root/quick"
  cp "$out"/*.deb "$out"/*.whl "$out"/*.tar.gz "$root/dist/"
  cp samples/social.json "$root/quick/"
  # Swift reads a program's arguments there.
  mount -t proc proc "$root/proc"
  mounted+=("$root/proc")
  begin=$(date +%s.%N)
  chroot "$root" /bin/bash -euo pipefail -c "
    export DEBIAN_FRONTEND=noninteractive PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
    { apt-get update -qq; [ -z '$packages' ] || apt-get install -y -qq --no-install-recommends $packages; $install; } > /log 2>&1 || { tail -5 /log >&2; exit 1; }
    cd /quick
    kv --version
    kv graph import social.json
    kv graph stats --format csv
    kv graph find-path User:alice Post:3
    kv graph view -o $picture
    test -s $picture"
  echo "$name: $(awk -v begin="$begin" -v end="$(date +%s.%N)" 'BEGIN { printf "%.1f", end - begin }') s, installation included"
}

try deb "" "dpkg -i /dist/*.deb || apt-get install -y -qq --no-install-recommends -f" graph.svg
try wheel "python3-pip" "pip install --break-system-packages --no-index /dist/*.whl" graph.mmd
try tarball "libsqlite3-0 libstdc++6" "tar xzf /dist/*.tar.gz -C /usr/local --strip-components=1" graph.dot
