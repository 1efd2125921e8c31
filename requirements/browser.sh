#!/bin/sh
# The tests drive Chromium and look at Chinese text: install what is missing where we may, else
# say how.
set -eu

missing=""
command -v chromium >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1 \
    || missing="chromium"
if ! command -v fc-list >/dev/null 2>&1 || [ -z "$(fc-list :lang=zh-cn family 2>/dev/null)" ]; then
    missing="$missing fonts-wqy-microhei"
fi
# A certified relying party in C, which judges our OpenID provider.
[ -e /usr/lib/apache2/modules/mod_auth_openidc.so ] \
    || missing="$missing apache2-bin libapache2-mod-auth-openidc"
# The browser's driver is a Node of its own, which wants this one library.
/sbin/ldconfig -p | grep -q 'libatomic\.so\.1' || missing="$missing libatomic1"
[ -n "$missing" ] || exit 0

if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "· Debian packages:" $missing
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq >/dev/null 2>&1 || true
    # shellcheck disable=SC2086 - a list of package names
    apt-get install -y -qq --no-install-recommends $missing >/dev/null 2>&1 && exit 0
    echo "apt-get could not install:" $missing >&2
    exit 1
fi
echo "The tests need Chromium and a Chinese font. Install them, then run make test again:" >&2
echo "    sudo apt-get install --no-install-recommends$([ -z "$missing" ] || echo " $missing")" >&2
exit 1
