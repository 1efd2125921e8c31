#!/bin/sh
# Write the .lock files anew: newest versions the .in files allow, with hashes, wheels only.
# No package index is named in them, so each machine uses its own.
set -eu
cd "$(dirname "$0")"
uv=${1:?usage: lock.sh path-to-uv}
for name in run anchor test dev bench node; do
    echo "· $name.lock"
    "$uv" pip compile --quiet --universal --python-version 3.11 \
        --generate-hashes --only-binary :all: --no-emit-index-url --upgrade \
        --excludes excluded.txt --custom-compile-command "make lock" \
        "$name.in" -o "$name.lock"
done
