#!/bin/sh
# Programs of other people that our tests let judge us. What cannot be installed here is told, and
# the tests that need it are skipped with that reason.
set -eu

# What must exist, and the Debian package that brings it.
NEEDED="
/usr/bin/go                                              golang-go
/usr/share/gocode/src/golang.org/x/mod/sumdb/note/note.go golang-golang-x-mod-dev
"

missing=""
while read -r file package; do
    [ -z "$file" ] || [ -e "$file" ] || missing="$missing $package"
done <<LIST
$NEEDED
LIST
[ -n "$missing" ] || exit 0

if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "· Debian packages:$missing"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq >/dev/null 2>&1 || true
    # shellcheck disable=SC2086 - a list of package names
    apt-get install -y -qq --no-install-recommends $missing >/dev/null 2>&1 && exit 0
fi
echo "Some independent judges are not installed; their tests will be skipped. To have them:" >&2
echo "    sudo apt-get install --no-install-recommends$missing" >&2
