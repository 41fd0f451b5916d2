#!/bin/sh
# The tests in a real browser need Chromium: install it where this user may, else say what is skipped.
command -v chromium >/dev/null 2>&1 && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "Installing Chromium for the browser tests."
  { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends chromium fonts-dejavu-core; } >/dev/null 2>&1 \
    && exit 0
fi
echo "Chromium is not on this machine and could not be installed: the browser tests are skipped."
