#!/bin/sh
# Put sting where a system keeps its programs: binary, manual, completion,
# unit, documents. Usage: tools/install.sh STING DESTDIR PREFIX
# Nothing outside DESTDIR/PREFIX is touched. The manual is made of what the
# commands say of themselves, so that the two cannot differ.
set -eu
sting=$1 to=$2$3 prefix=$3
here=$(cd "$(dirname "$0")/.." && pwd)
version=$("$sting" version | cut -d' ' -f2)
man=$to/share/man/man1
doc=$to/share/doc/sting
install -d "$to/bin" "$man" "$doc/formats" "$doc/design" \
    "$to/share/bash-completion/completions" "$to/lib/systemd/system"
install -m 755 "$sting" "$to/bin/sting"
install -m 644 "$here/packaging/sting.bash" \
    "$to/share/bash-completion/completions/sting"
sed "s|/usr/bin/sting|$prefix/bin/sting|" "$here/packaging/sting@.service" \
    >"$to/lib/systemd/system/sting@.service"
chmod 644 "$to/lib/systemd/system/sting@.service"
install -m 644 "$here/README.md" "$here/ARCHITECTURE.md" "$doc"
install -m 644 "$here"/docs/formats/*.md "$doc/formats"
install -m 644 "$here"/docs/design/*.md "$doc/design"
# What a third party needs beside Python to check a pack.
install -m 644 "$here"/tools/recheck*.py "$doc"

# Text as roff prints it: as it stands.
roff() {
    sed -e 's/\\/\\e/g' -e 's/-/\\-/g' -e "s/^\([.']\)/\\\\\&\1/"
}

# page NAME SUMMARY, the help on standard input: usage first, then the rest.
page() {
    name=$1 summary=$2
    upper=$(echo "$name" | tr 'a-z' 'A-Z')
    awk -v name="$name" -v upper="$upper" -v summary="$summary" \
        -v version="$version" '
        NR == 1 {
            print ".TH " upper " 1 \"\" \"sting " version "\" \"sting\""
            print ".SH NAME\n" name " \\- " summary
            print ".SH SYNOPSIS\n.nf"
        }
        NR > 1 && /^$/ && !body { print ".fi\n.SH DESCRIPTION\n.nf"; body = 1; next }
        { print }
        END { print ".fi\n.SH SEE ALSO\n.BR sting (1)" }'
}

"$sting" --help | grep '^  ' | while read -r line; do
    # Names of two words are told by the two blanks behind them.
    name=$(echo "$line" | sed 's/  .*//')
    summary=$(echo "$line" | sed 's/^.*[a-z]  *  //')
    file=sting-$(echo "$name" | tr ' ' '-')
    # shellcheck disable=SC2086
    "$sting" $name --help | roff | page "$file" "$summary" >"$man/$file.1"
done
"$sting" --help | roff | page sting "a counter-espionage sting in one program" \
    >"$man/sting.1"
