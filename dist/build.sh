#!/usr/bin/env bash
# Builds what people install, into dist/out: a tarball with the program, its manual and completions, a Debian package, and a Python
# wheel that carries the program. Swift's libraries are inside; the C libraries are the system's, and most are loaded when they are needed.
set -euo pipefail
cd "$(dirname "$0")/.."
samples/install.sh python3 binutils
version=$(sed -n 's/^let version = "\(.*\)"$/\1/p' Sources/KVCommand/Version.swift)
architecture=$(dpkg --print-architecture)
machine=$(uname -m)
out=dist/out
root=$out/root
rm -rf "$out"
mkdir -p "$root/usr/bin"

# Equal functions are one (Swift makes many), what nobody calls is left out, relocations are packed, and no symbol is for others.
echo '{ local: *; };' > "$out/symbols"
options=(
  -c release --static-swift-stdlib --product kv --scratch-path .build-dist
  -Xswiftc -use-ld=lld -Xlinker --icf=all -Xlinker --gc-sections -Xlinker -z -Xlinker pack-relative-relocs
  -Xlinker "--version-script=$PWD/$out/symbols"
)
swift build "${options[@]}"
cp "$(swift build "${options[@]}" --show-bin-path)/kv" "$root/usr/bin/kv"
strip "$root/usr/bin/kv"
size=$(stat -c %s "$root/usr/bin/kv")
echo "kv $version for $architecture: $size bytes"
# Swift's libraries are two thirds of it, FoundationEssentials alone 4 MB, which the argument parser needs.
[ "$size" -lt 23000000 ] || { echo "the program has grown beyond 23 MB" >&2; exit 1; }

# The manual and the completions say what the program says of itself.
kv=$root/usr/bin/kv
man=$root/usr/share/man/man1
mkdir -p "$man" "$root/usr/share/bash-completion/completions" "$root/usr/share/zsh/vendor-completions" \
  "$root/usr/share/fish/vendor_completions.d" "$root/usr/share/doc/kv"
"$kv" --experimental-dump-help | python3 dist/manual.py "$version" "$man"
gzip -9n "$man"/*.1
"$kv" --generate-completion-script bash > "$root/usr/share/bash-completion/completions/kv"
"$kv" --generate-completion-script zsh > "$root/usr/share/zsh/vendor-completions/_kv"
"$kv" --generate-completion-script fish > "$root/usr/share/fish/vendor_completions.d/kv.fish"
cat LICENSE dist/LICENSES.md > "$root/usr/share/doc/kv/copyright"
gzip -9nc CHANGELOG.md > "$root/usr/share/doc/kv/changelog.gz"

tar --sort=name --owner=0 --group=0 --numeric-owner --transform "s|^usr|kv-$version|" -C "$root" -czf "$out/kv-$version-linux-$machine.tar.gz" usr

mkdir -p "$root/DEBIAN"
cat > "$root/DEBIAN/control" << END
Package: kv
Version: $version
Architecture: $architecture
Maintainer: The kv project <kv@users.noreply.github.com>
Installed-Size: $(du -sk --exclude DEBIAN "$root" | cut -f1)
Depends: libc6 (>= 2.36), libgcc-s1, libstdc++6, libsqlite3-0 (>= 3.40), libexpat1, libgvc6, tzdata
Recommends: fonts-dejavu-core, libpq5, libcurl4, ca-certificates, bash-completion
Section: database
Priority: optional
Description: key/value store and property graph on SQLite, PostgreSQL and rqlite
 Imports graphs in the formats of other programs, finds paths in them, and draws the
 answer as SVG, PNG, PDF, DOT, Mermaid or a page. Below it is a key/value store with a
 stream of its changes, locks and scheduled tasks.
END
dpkg-deb --root-owner-group --build "$root" "$out/kv_${version}_$architecture.deb" > "$out/dpkg-deb.log"
rm "$out/dpkg-deb.log"

python3 dist/wheel.py "$version" "$machine" "$kv" "$out"
rm -r "$root" "$out/symbols"
ls -l "$out"
