#!/bin/sh
# Check this exhibit of sting with a POSIX shell, sha256sum, openssl, xxd, awk.
#
#   sh VERIFY.sh [FINGERPRINT]   all of it; FINGERPRINT: of the case key, as its
#                                owner told it, on paper or by voice
#   sh VERIFY.sh line N          only that line N stands in the sealed ledger
#
# Rules E1 to E8 of docs/formats/exhibit.md; the first that fails is named and ends
# the check. Exit: 0 INTACT, 10 INTACT WITH GAPS, 12 TAMPERED, 13 UNVERIFIABLE.
set -u
export LC_ALL=C
[ -e tagmanifest-sha256.txt ] || cd "$(dirname "$0")" || exit 2
W=$(mktemp -d) && trap 'rm -rf "$W"' EXIT && trap 'exit 2' HUP INT PIPE TERM || exit 2
rule=E1
tampered() { echo "TAMPERED $rule: $1"; exit 12; }
unverifiable() { echo "UNVERIFIABLE $rule: $1"; exit 13; }
hash() { sha256sum | cut -c1-64; }
told() { sed -n "s/^$1 //p" data/exhibit.txt; }
ends() { [ -z "$(tail -c 1 "$1")" ]; } # with a line feed, or empty
# Base64 to hex, strictly; "" when it is malformed. For awk programs.
base64='
function hex64(s,   i, n, v, bits, out, pad) {
    if (length(s) % 4 || s !~ /^[A-Za-z0-9+\/]*=?=?$/) return ""
    pad = (s ~ /==$/) ? 2 : (s ~ /=$/) ? 1 : 0
    n = length(s) - pad
    for (i = 1; i <= n; i++) {
        v = v * 64 + index(A, substr(s, i, 1)) - 1; bits += 6
        while (bits >= 4) {
            bits -= 4
            out = out substr(H, int(v / P[bits]) + 1, 1); v %= P[bits]
        }
    }
    if (v) return ""
    return substr(out, 1, int(n * 6 / 8) * 2)
}
BEGIN { A = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        H = "0123456789abcdef"; P[0] = 1; P[2] = 4; P[4] = 16; P[6] = 64 }'
value() { printf '%s\n' "$1" | tr ' ' '\n' | sed -n "s/^$2=//p" | head -n 1; }
is_hex() { [ ${#1} -eq "$2" ] && case $1 in *[!0-9a-f]*) false ;; esac; } # $2 digits
# Did key $1 (hex) sign file $2 with $3 (hex)?
ed25519() {
    is_hex "$1" 64 && is_hex "$3" 128 || return 1
    printf '302a300506032b6570032100%s' "$1" | xxd -r -p >"$W/key"
    printf %s "$3" | xxd -r -p >"$W/sig"
    openssl pkeyutl -verify -pubin -keyform DER -inkey "$W/key" -rawin \
        -in "$2" -sigfile "$W/sig" >/dev/null 2>&1
}
# Notes of file $1 into $W/note.1, .2 ...: three lines, then "NAME HEX" of each
# signature in its .sig (HEX empty when no base64 of 68 bytes).
notes() {
    rm -f "$W"/note.*
    ends "$1" || return 1
    awk -v to="$W/note." "$base64"'
    function fail() { bad = 1; exit 1 }
    { row++ }
    row == 1 { n++; out = to n; printf "" >out; printf "" >(out ".sig") }
    row <= 3 { if ($0 == "") fail(); print >out; next }
    row == 4 { if ($0 != "") fail(); sigs = 0; next }
    $0 == "" { if (!sigs) fail(); close(out); close(out ".sig"); row = 0; next }
    { if (split($0, w, "[ ]") != 3 || w[1] != "\342\200\224") fail()
      sigs++; h = hex64(w[3]); print w[2], length(h) == 136 ? h : "" >(out ".sig") }
    END { if (!bad && row) exit 1; if (!bad) print n + 0 }' "$1"
}
# Note file $1 must be signed by name $2 with key $3.
signed() {
    id=$({ printf '%s\n\001' "$2"; printf %s "$3" | xxd -r -p; } | hash | cut -c1-8)
    found=
    for sig in $(awk -v name="$2" '$1 == name { print $2 == "" ? "-" : $2 }' "$1.sig"); do
        [ "$sig" != - ] || tampered "a signature is malformed"
        case $sig in "$id"*) ;; *) continue ;; esac
        ed25519 "$3" "$1" "${sig#????????}" || tampered "false signature by $2"
        found=1
    done
    [ -n "$found" ] || unverifiable "no signature by $2"
}
names() {
    [ -z "$(find . ! -path . \( ! -name '[A-Za-z0-9_-]*' -o -name '*[!A-Za-z0-9._-]*' \))" ] ||
        tampered "a name that no exhibit has"
    [ -z "$(find . ! -type f ! -type d)" ] || tampered "neither file nor folder"
    [ -z "$(find . | tr A-Z a-z | sort | uniq -d)" ] || tampered "two names differ by case alone"
    for f in bagit bag-info manifest-sha256 tagmanifest-sha256 signature data/exhibit \
        data/ledger/lines data/ledger/proofs data/ledger/epochs data/ledger/checkpoint; do
        [ -f $f.txt ] || unverifiable "$f.txt is missing"
    done
    [ "$(hash <bagit.txt)" = 1712ecfb074bf29c4188ad3421032509159a09739fd604f8fe57038b4ddefcc9 ] ||
        tampered "bagit.txt is another"
}
manifest() { # $1 is the file, $2 whether it lists data/
    ends "$1" && awk -v data="$2" '
    { path = substr($0, 67)
      if (substr($0, 1, 64) !~ /^[0-9a-f]+$/ || substr($0, 65, 2) != "  " ||
          path !~ /^[A-Za-z0-9_-][A-Za-z0-9._-]*(\/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$/ ||
          (path "") <= (before "") || (path ~ /^data\//) != data ||
          path == "signature.txt" || path == "tagmanifest-sha256.txt") exit 1
      before = path; print path }' "$1" >>"$W/listed" || tampered "$1 is malformed"
}
manifests() {
    rule=E2
    : >"$W/listed"
    manifest manifest-sha256.txt 1
    manifest tagmanifest-sha256.txt 0
    find . -type f | sed 's|^\./||' >"$W/files"
    printf '%s\n' signature.txt tagmanifest-sha256.txt | cat - "$W/listed" |
        awk 'NR == FNR { l[$0] = 1; next } !($0 in l) { exit 1 }' - "$W/files" ||
        tampered "a file stands in no manifest"
    awk 'NR == FNR { l[$0] = 1; next } !($0 in l) { exit 1 }' "$W/files" "$W/listed" ||
        unverifiable "a file is missing"
    for f in manifest-sha256.txt tagmanifest-sha256.txt; do
        [ ! -s $f ] || sha256sum -c $f >/dev/null 2>&1 || tampered "a file of $f was changed"
    done
}
# Keys and name of the operation whose ledger begins with line $1.
founded() {
    case $1 in "0 "*" genesis "*) ;; *) tampered "the first line is missing" ;; esac
    [ "$(value "$1" v)" = 1 ] || unverifiable "another version"
    case=$(value "$1" case) log=$(value "$1" log)
    printf %s "${1%% sig=*}" >"$W/said"
    ed25519 "$case" "$W/said" "$(value "$1" sig)" || tampered "the case key did not sign the first line"
    name=$(printf %s "$case" | xxd -r -p | hash)
    origin=sting/$(printf %s "$name" | cut -c1-32)
    [ "$(value "$1" origin)" = "$origin" ] || tampered "of another operation"
}
# Form of exhibit.txt and lines.txt; then who signed the first line.
genesis() {
    rule=E3
    [ "$(head -n 1 data/exhibit.txt)" = sting-exhibit-1 ] || unverifiable "another version"
    ends data/exhibit.txt && awk '
    BEGIN { split("mark origin lines camera from to incident", key, " ")
            number = "^(0|[1-9][0-9]*)$"; form[1] = "^[A-Z0-9/]+$"; form[2] = "^sting/[0-9a-f]+$"
            form[4] = "^[A-Za-z0-9._-]+$"; form[5] = form[6] = "^[0-9TZ:.-]+$"; form[3] = form[7] = number }
    NR == 1 { next }
    { n = split($0, w, "[ ]") }
    NR <= 8 { if (n != 2 || w[1] != key[NR - 1] || w[2] !~ form[NR - 1] ||
                  (w[1] ~ /^(from|to)$/ && length(w[2]) != 27)) exit 1; next }
    n == 2 && w[1] == "film" && w[2] ~ /^[A-Za-z0-9._\/-]+$/ {
        if (NR > 9 && !pieces) exit 1; films = 1; pieces = 0; next }
    n == 3 && w[1] == "piece" && w[2] ~ number && w[3] ~ number && films { pieces++; next }
    { exit 1 }
    END { if (!pieces) exit 1 }' data/exhibit.txt || tampered "data/exhibit.txt is malformed"
    ends "$lines" && [ -s "$lines" ] && awk -F'[ ]' -v last=-1 '
    { if ($1 !~ /^(0|[1-9][0-9]*)$/ || length($1) > 18 || $1 + 0 <= last || NF < 6 ||
          $2 !~ /^[0-9T:.Z-]+$/ || length($2) != 27 || $3 !~ /^[0-9a-f]+[+][0-9]+[.][0-9]+$/ ||
          $4 !~ /^[a-z]+$/ || $(NF - 1) !~ /^r=[0-9a-f]+$/ || length($(NF - 1)) != 34 ||
          $NF !~ /^prev=[0-9a-f]+$/ || length($NF) != 69) exit 1
      for (i = 5; i < NF - 1; i++) if ($i !~ /^[a-z0-9_]+=[!-~]*$/) exit 1
      last = $1 + 0 }' "$lines" || tampered "data/ledger/lines.txt is malformed"
    first=$(head -n 1 "$lines")
    founded "$first"
    [ "$(told origin)" = "$origin" ] || tampered "of another operation"
    [ -z "$expected" ] || { [ ${#expected} -ge 32 ] && case $name in "$expected"*) ;; *) false ;; esac; } ||
        tampered "another case key"
    mark=$(told mark) size=$(told lines) camera=$(told camera)
}
signature() {
    rule=E4
    tags=$(hash <tagmanifest-sha256.txt)
    [ "$(notes signature.txt)" = 1 ] && [ "$(cat "$W/note.1")" = "sting-exhibit-1
$mark
$tags" ] || tampered "the signature is of another exhibit"
    # By the office that imported the record, when its first line is there.
    set -- "$origin" "$log" "$name"
    f=data/ledger/office.txt
    [ ! -e $f ] || { [ "$(wc -l <$f)" -eq 1 ] && ends $f && founded "$(cat $f)"; } || tampered "no line"
    signed "$W/note.1" "$origin" "$log"
    origin=$1 log=$2 name=$3
}
checkpoint() {
    rule=E5
    [ "$(notes data/ledger/checkpoint.txt)" = 1 ] && [ "$(head -n 2 "$W/note.1")" = "$origin
$size" ] || tampered "another checkpoint"
    root=$(sed -n 3p "$W/note.1" | awk "$base64"'{ print hex64($0) }')
    is_hex "$root" 64 || tampered "another checkpoint"
    mv "$W/note.1" "$W/final" && mv "$W/note.1.sig" "$W/final.sig"
    signed "$W/final" "$origin" "$log"
}
# Paths of lines: "LEVEL ROW SIDE HEX" of each sibling; SIDE is where the sibling
# is (RFC 9162, 2.1.3.2).
paths() {
    awk -v size="$size" "$base64"'
    NR == FNR { split($0, w, " "); seq[++lines] = w[1]; next }
    row == 0 { if ($0 != "index " seq[++at] || seq[at] + 0 >= size + 0) fail()
               row = 1; level = 0; fn = seq[at] + 0; sn = size - 1; next }
    $0 == "" { if (sn != 0) fail(); row = 0; next }
    { h = hex64($0)
      if (length(h) != 64 || sn == 0) fail()
      left = (fn % 2 || fn == sn)
      print level, at, left ? "L" : "R", h
      level++
      while (left && fn && fn % 2 == 0) { fn /= 2; sn = int(sn / 2) }
      fn = int(fn / 2); sn = int(sn / 2) }
    function fail() { bad = 1; exit 1 }
    END { if (bad || row || at != lines) exit 1 }' "$lines" "$proofs" >"$W/steps" &&
        ends "$proofs" || tampered "paths are malformed"
}
# SHA-256 of each file that split gave, in order.
hashes() (
    cd "$W/split" && printf '%s\n' ./* | xargs sha256sum | cut -c1-64
    printf '%s\n' ./* | xargs rm -f
)
# "ROOT ENDING" of each line ($W/at): of the whole, and of the ledger up to it. All
# lines climb together, level by level.
places() {
    rule=E6
    paths
    mkdir "$W/split"
    awk '{ printf "\001%s\n", $0 }' "$lines" | tr '\001' '\000' |
        (cd "$W/split" && split -a 5 -l 1 -)
    hashes | awk '{ print $1, $1 }' >"$W/at"
    top=$(awk '$1 >= n { n = $1 + 1 } END { print n + 0 }' "$W/steps") level=0
    while [ $level -lt "$top" ]; do
        awk -v level=$level 'NR == FNR { r[NR] = $1; e[NR] = $2; next }
        $1 == level { print "01" ($3 == "L" ? $4 r[$2] : r[$2] $4) }
        $1 == level && $3 == "L" { print "01" $4 e[$2] }' "$W/at" "$W/steps" | xxd -r -p |
            (cd "$W/split" && split -a 5 -b 65 -)
        hashes >"$W/new"
        awk -v level=$level -v new="$W/new" 'NR == FNR { r[++n] = $1; e[n] = $2; next }
        $1 == level { getline r[$2] <new; if ($3 == "L") getline e[$2] <new }
        END { for (i = 1; i <= n; i++) print r[i], e[i] }' "$W/at" "$W/steps" >"$W/at.1"
        mv "$W/at.1" "$W/at"
        level=$((level + 1))
    done
    [ "$(cut -d' ' -f1 "$W/at" | sort -u)" = "$root" ] || tampered "a line is not in the ledger"
}
epochs() {
    rule=E7
    count=$(notes data/ledger/epochs.txt) || tampered "data/ledger/epochs.txt is malformed"
    awk 'NR == FNR { e[NR] = $2; next } $4 == "epoch" {
        for (i = 5; i <= NF; i++) { split($i, w, "="); v[w[1]] = w[2] }
        print $1, v["n"], v["first"], v["next"], e[FNR] }' "$W/at" data/ledger/lines.txt >"$W/epochs"
    key=$(value "$first" epoch) used=$key number=0 start=0
    while read -r seq n from next ending; do
        [ "$n" = $number ] && [ "$from" = $start ] || tampered "an epoch is left out"
        number=$((number + 1)) start=$((seq + 1))
        [ $number -le "$count" ] || unverifiable "a checkpoint is missing"
        note=$W/note.$number
        [ "$(head -n 2 "$note")" = "$origin
$start" ] && [ "$(sed -n 3p "$note" | awk "$base64"'{ print hex64($0) }')" = "$ending" ] ||
            tampered "the checkpoint of epoch $n is another"
        signed "$note" "$origin" "$log"
        signed "$note" "$origin/epoch/$n" "$key"
        used=$key key=$next
    done <"$W/epochs"
    [ $number = "$count" ] || tampered "a checkpoint too many"
    if [ $number -gt 0 ] && [ $start = "$size" ]; then number=$((number - 1)) key=$used; fi
    signed "$W/final" "$origin/epoch/$number" "$key"
}
films() {
    rule=E8
    find . -name '*.mp4' -type f | sed 's|^\./||' |
        while read -r f; do echo "$f $(wc -c <"$f")"; done >"$W/mp4"
    # Each piece with its line: FILM OFFSET BYTES PT; then the number of gaps.
    awk -v camera="$camera" -v mp4="$W/mp4" '
    function fail() { bad = 1; exit 1 }
    function whole() { if (film != "" && offset != bytes[film]) fail() }
    BEGIN { while ((getline row <mp4) > 0) { split(row, w, " "); bytes[w[1]] = w[2] + 0; left++ } }
    NR == FNR { kind[$1] = $4; if ($4 == "gap") gaps++
                if ($4 == "init" || $4 == "seg") lines++
                for (i = 5; i <= NF; i++) { at = index($i, "="); v[$1, substr($i, 1, at - 1)] = substr($i, at + 1) }
                next }
    $1 == "film" { whole(); film = $2; offset = 0; stream = ""; before = ""
                   if (!(film in bytes) || film in seen) fail()
                   seen[film] = 1; left--; if (films++) gaps++; next }
    $1 == "piece" { s = $2
        if ((lines_seen && s + 0 <= last) || kind[s] != (stream == "" ? "init" : "seg") ||
            v[s, "camera"] != camera || v[s, "pt"] == "") fail()
        printf "%s %.0f %s %s\n", film, offset, $3, v[s, "pt"]; offset += $3; last = s + 0; lines_seen++
        if (stream == "") { stream = "n" v[s, "n"]; next }
        if ("n" v[s, "init"] != stream) fail()
        d = v[s, "n"] - before
        if (before != "" && ((d != 1 && d != 0) || v[s, "pts"] - end > 100000)) gaps++
        before = v[s, "n"] ""; end = v[s, "pts"] + v[s, "us"] }
    END { if (!bad) whole(); if (bad || left || lines_seen != lines) exit 1; print "gaps", gaps + 0 }' \
        data/ledger/lines.txt data/exhibit.txt >"$W/pieces" || tampered "films and lines do not fit"
    while read -r film offset bytes pt; do
        [ "$film" != gaps ] || { gaps=$offset; continue; }
        [ "$(tail -c +$((offset + 1)) "$film" | head -c "$bytes" | hash)" = "$pt" ] ||
            tampered "$film: a line speaks of other bytes"
    done <"$W/pieces"
}
# Only line $1's place, and who signed the checkpoint that it is under.
one_line() {
    lines=$W/lines proofs=$W/proofs
    awk -v n="$1" 'NR == 1 || $1 == n' data/ledger/lines.txt >"$lines"
    awk -v n="$1" '$1 == "index" { on = $2 == 0 || $2 == n } on' data/ledger/proofs.txt >"$proofs"
    genesis
    grep -q "^$1 " "$lines" || unverifiable "line $1 is not shown"
    checkpoint
    places
    echo "line $1 of $origin stands in the ledger of $size lines that its log key signed"
}
lines=data/ledger/lines.txt proofs=data/ledger/proofs.txt expected=
[ "${1-}" != line ] || { one_line "${2-}"; exit 0; }
expected=$(printf %s "$*" | tr A-F a-f | tr -cd 0-9a-f)
for step in names manifests genesis signature checkpoint places epochs films; do $step; done
if [ "$gaps" -gt 0 ]; then echo "INTACT WITH GAPS: $gaps"; else echo INTACT; fi
echo "exhibit $mark of $origin: $(wc -l <data/ledger/lines.txt) lines of $size, $count epochs"
echo "sha256 of tagmanifest-sha256.txt $tags"
echo "case key $name"
[ -n "$expected" ] || echo "ORIGIN UNKNOWN: compare the case key with what its owner told you"
[ "$gaps" -eq 0 ] || exit 10
