#!/bin/sh
# Install the packages listed in tools/packages-NAME.txt that are missing.
# Prints them first. Usage: tools/setup.sh build|run|test
set -eu
list=$(dirname "$0")/packages-$1.txt
missing=
for package in $(grep -v '^#' "$list"); do
    dpkg-query -W -f '${db:Status-Status}\n' "$package" 2>/dev/null |
        grep -qx installed || missing="$missing $package"
done
[ -n "$missing" ] || exit 0
echo "Packages that are needed and missing:$missing"
as_root=
if [ "$(id -u)" != 0 ]; then
    as_root=sudo
fi
# env, because sudo passes no such setting on: no package asks a question.
quiet="$as_root env DEBIAN_FRONTEND=noninteractive"
$quiet apt-get update -q
# shellcheck disable=SC2086
$quiet apt-get install -q -y --no-install-recommends $missing
