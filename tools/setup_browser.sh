#!/bin/sh
# Install what drives the browser of the tests into a build folder: the npm
# packages of tests/browser, at the versions and hashes of its lock file.
# Usage: tools/setup_browser.sh BUILD-FOLDER
set -eu
from=$(dirname "$0")/../tests/browser
to=$1/browser
cmp -s "$from/package-lock.json" "$to/installed" && exit 0
if ! command -v npm >/dev/null; then
    as_root=
    [ "$(id -u)" = 0 ] || as_root=sudo
    $as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -q -y --no-install-recommends npm
fi
mkdir -p "$to"
cp "$from/package.json" "$from/package-lock.json" "$to"
npm --prefix "$to" ci --no-audit --no-fund --ignore-scripts
cp "$from/package-lock.json" "$to/installed"
