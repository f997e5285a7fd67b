#!/bin/sh
# Make a Debian package of a built sting. Usage: tools/deb.sh STING OUT-FOLDER
# Its dependencies are the packages of the libraries that the binary is linked
# to here; installing it makes the user sting and /var/lib/sting, and starts
# nothing.
set -eu
sting=$1 out=$2
here=$(cd "$(dirname "$0")" && pwd)
version=$("$sting" version | cut -d' ' -f2)
architecture=$(dpkg --print-architecture)
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
"$here/install.sh" "$sting" "$stage" /usr
strip --strip-unneeded "$stage/usr/bin/sting"
find "$stage/usr/share/man" -name '*.1' -exec gzip -9n {} +

# Files of the libraries, then the packages that own them, asked once.
# shellcheck disable=SC2046
depends=$(dpkg -S $(objdump -p "$sting" | awk '/NEEDED/ {print $2}' |
    while read -r so; do
        readlink -f "$(ldconfig -p | awk -v so="$so" '$1 == so {print $NF; exit}')"
    done) | cut -d: -f1 | sort -u | paste -sd, | sed 's/,/, /g')

install -d -m 755 "$stage/DEBIAN"
cat >"$stage/DEBIAN/control" <<END
Package: sting
Version: $version
Section: admin
Priority: optional
Architecture: $architecture
Maintainer: sting <sting@localhost>
Depends: $depends, adduser
Recommends: age, bash-completion
Installed-Size: $(du -sk "$stage/usr" | cut -f1)
Description: counter-espionage sting in one program
 Lay out bait, each copy invisibly its own; watch it by hidden cameras; be
 told in about a second; keep a record that shows every change; name from a
 photograph the copy that it was taken of. No cloud, no account.
END
cat >"$stage/DEBIAN/postinst" <<'END'
#!/bin/sh
set -e
if [ "$1" = configure ]; then
    adduser --system --group --home /var/lib/sting --no-create-home --quiet \
        sting
    install -d -m 700 -o sting -g sting /var/lib/sting
    if [ -d /run/systemd/system ]; then
        systemctl daemon-reload || true
    fi
fi
END
# Operations are evidence: they stay when the package goes.
cat >"$stage/DEBIAN/prerm" <<'END'
#!/bin/sh
set -e
if [ "$1" = remove ] && [ -d /run/systemd/system ]; then
    systemctl stop 'sting@*.service' || true
fi
END
chmod 755 "$stage/DEBIAN/postinst" "$stage/DEBIAN/prerm"
mkdir -p "$out"
dpkg-deb --build --root-owner-group -Zgzip -z6 "$stage" \
    "$out/sting_${version}_$architecture.deb"
