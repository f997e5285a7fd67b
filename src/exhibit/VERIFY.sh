#!/bin/sh
# Check this exhibit of sting with a POSIX shell, sha256sum, openssl, xxd, awk.
#   sh VERIFY.sh [FINGERPRINT]   all of it; FINGERPRINT: of the case key, as its owner told it
#   sh VERIFY.sh line N          only that line N stands in the sealed ledger
# Rules E1 to E8 of docs/formats/exhibit.md; the first that fails is named and ends the check.
# Exit: 0 INTACT, 10 INTACT WITH GAPS, 12 TAMPERED, 13 UNVERIFIABLE, 2 no verdict: it could not be read, or a tool is missing.
set -u; export LC_ALL=C; for t in sha256sum openssl xxd awk cut tail head tr sed sort uniq find xargs cat rm mktemp dirname mv cp mkdir split wc grep; do command -v $t >/dev/null || { echo "$t is not installed: without it nothing can be checked; install it, or run verify.py" >&2; exit 2; }; done
here() { for f in bagit.txt data *manifest-*.txt; do [ -e "$f" ] || [ -h "$f" ] || continue; return 0; done; false; }
here || CDPATH='' cd -- "$(dirname -- "$0")" || exit 2 # judges the folder it is run in, if it is any bag
judged() { printf '%s\njudged: %s\n' "$1" "$(printf %s "$(pwd -P)" | tr -c ' -~' '?')"; }
W=$(mktemp -d) && mkdir "$W/split" "$W/key" "$W/sig" &&
    trap 'rm -rf "$W"' EXIT && trap 'exit 2' HUP INT PIPE TERM || exit 2
rule=E1 few='-size -99999'; each() { s=$1; shift; find . -type f "$@" -exec sh -c "for f; do $s || exit 1; done" sh {} + >/dev/null 2>&1; }
tampered() { each '[ ! -r "$f" ] || cat "$f"' $few && { judged "TAMPERED $rule: $1"; exit 12; } # a disk that fails accuses nobody
    echo "a file cannot be read: check the disk, or check a copy of the exhibit" >&2; exit 2; }
unverifiable() { judged "UNVERIFIABLE $rule: $1"; exit 13; }
hash() { sha256sum | cut -c1-64; }; told() { sed -n "s/^$1 //p" data/exhibit.txt; }
ends() { [ -z "$(tail -c 1 "$1")" ]; } # with a line feed, or empty
# Base64 to hex, strictly; "" when it is malformed. For awk programs.
base64='
function hex64(s,   i, n, v, bits, out) {
    if (length(s) % 4 || s !~ /^[A-Za-z0-9+\/]*=?=?$/) return ""
    n = length(s) - (s ~ /=$/) - (s ~ /==$/)
    for (i = 1; i <= n; i++) {
        v = v * 64 + index(A, substr(s, i, 1)) - 1
        for (bits += 6; bits >= 4; v %= P[bits]) { bits -= 4; out = out substr(H, int(v / P[bits]) + 1, 1) }
    }
    return v ? "" : substr(out, 1, int(n * 6 / 8) * 2)
}
BEGIN { A = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        H = "0123456789abcdef"; P[0] = 1; P[2] = 4; P[4] = 16; P[6] = 64 }'
value() { printf '%s\n' "$1" | tr ' ' '\n' | sed -n "s/^$2=//p" | head -n 1; }
is_hex() { [ ${#1} -eq "$2" ] && case $1 in *[!0-9a-f]*) false ;; esac; } # $2 digits
# Notes of file $1 into $W/note.1, .2 ...: three lines, then "NAME HEX" of each
# signature in its .sig (HEX empty when no base64 of 68 bytes).
notes() {
    rm -f "$W"/note.* && ends "$1" || return 1
    awk -v to="$W/note." "$base64"'
    function fail() { bad = 1; exit 1 }
    { row++ }
    row == 1 { n++; out = to n; printf "" >out; printf "" >(out ".sig") }
    row <= 3 { if ($0 == "") fail(); print >out; next }
    row == 4 { if ($0 != "") fail(); sigs = 0; next }
    $0 == "" { if (!sigs) fail(); close(out); close(out ".sig"); row = 0; next }
    { if (split($0, w, "[ ]") != 3 || w[1] != "\342\200\224") fail(); sigs++
      h = hex64(w[3]); print w[2], length(h) == 136 ? h : "" >(out ".sig") }
    END { if (!bad && row) exit 1; if (!bad) print n + 0 }' "$1"
}
# Cut up into files of folder $1 of $W, which had others before; their SHA-256, in order.
into() { (cd "$W/$1" && shift && printf '%s\n' ./* | xargs rm -f && split -a 5 "$@" -); }
hashes() { (cd "$W/split" && printf '%s\n' ./* | xargs rm -f && split -a 5 "$@" - && printf '%s\n' ./* | xargs sha256sum); }
# $W/rows: "FILE NAME KEY SIGNATURE", all true? Or a verdict with its reason.
all_true() {
    awk 'length($4) == 128 { print "302a300506032b6570032100" $3 }' "$W/rows" | xxd -r -p | into key -b 44
    awk 'length($4) == 128 { print $4 }' "$W/rows" | xxd -r -p | into sig -b 64
    set -- "$W"/key/*
    while read -r file by key sig; do
        case $file in tampered | unverifiable) $file "$by $key $sig" ;; esac
        is_hex "$key" 64 && is_hex "$sig" 128 && openssl pkeyutl -verify -pubin -keyform DER -inkey "$1" \
            -rawin -in "$W/$file" -sigfile "$W/sig/${1##*/}" >/dev/null 2>&1 || tampered "false signature by $by"
        shift
    done <"$W/rows"
}
# $W/jobs: rows "NOTE NAME KEY": NOTE must be signed by NAME with KEY; or a verdict. Ids of keys first.
signed() {
    [ $# -eq 0 ] || echo "$*" >"$W/jobs"
    rm -f "$W"/id.*
    awk -v to="$W/id." 'NF == 3 && !(($2, $3) in seen) {
        seen[$2, $3] = 1; h = ""
        for (i = 1; i <= length($2); i++) h = h ascii[substr($2, i, 1)]
        h = h "0a01" $3; print h >(to length(h)); print $2, $3, length(h) }
    BEGIN { for (i = 47; i < 123; i++) ascii[sprintf("%c", i)] = sprintf("%02x", i) }' "$W/jobs" >"$W/named"
    for f in $(awk '{ print $3 }' "$W/named" | sort -u); do
        xxd -r -p <"$W/id.$f" | hashes -b $((f / 2)) >"$W/id.$f.is"
    done
    awk -v w="$W/" 'pass == 1 { getline h <(w "id." $3 ".is"); id[$1, $2] = substr(h, 1, 8); next }
    NF != 3 { print; exit }
    { found = 0
      while ((getline row <(w $1 ".sig")) > 0) if (split(row, v, " ") && v[1] == $2) {
          if (v[2] == "") { print "tampered a signature is malformed"; exit }
          if (substr(v[2], 1, 8) == id[$2, $3]) { found = 1; print $0, substr(v[2], 9) } }
      close(w $1 ".sig")
      if (!found) { print "unverifiable no signature by " $2; exit } }' pass=1 "$W/named" pass=2 "$W/jobs" >"$W/rows"
    all_true
}
names() {
    [ -z "$(find . ! -path . \( ! -name '[A-Za-z0-9_-]*' -o -name '*[!A-Za-z0-9._-]*' \))" ] || tampered "a name"
    odd=$(find . ! -type f ! -type d | head -n 1) && [ -z "$odd" ] || tampered "$odd is neither file nor folder: ask for the exhibit anew"
    find . | awk 'length > 257 || split($0, p, "/") > 18 || NR > 100001 { bad = 1 } END { exit bad }' || tampered "more, longer or deeper names"
    [ -z "$(find . | tr A-Z a-z | sort | uniq -d)" ] || tampered "two names differ by case alone"
    [ -z "$(find . \( ! -perm -400 -o -type d ! -perm -500 \))" ] && each '[ -r "$f" ]' && [ -z "$(find . -name '*.txt' -size +201326592c)" ] || unverifiable "what may not be read, or a .txt over 192 MiB"
    for f in bagit bag-info manifest-sha256 tagmanifest-sha256 signature data/exhibit \
        data/ledger/lines data/ledger/proofs data/ledger/epochs data/ledger/checkpoint; do [ -f $f.txt ] || unverifiable "$f.txt is missing"; done
    [ "$(hash <bagit.txt)" = 1712ecfb074bf29c4188ad3421032509159a09739fd604f8fe57038b4ddefcc9 ] || tampered bagit.txt
}
manifest() { # $1 is the file, $2 whether it lists data/
    ends "$1" && awk -v data="$2" '
    { path = substr($0, 67)
      if (substr($0, 1, 64) !~ /^[0-9a-f]+$/ || substr($0, 65, 2) != "  " || (path "") <= (before "") ||
          path !~ /^[A-Za-z0-9_-][A-Za-z0-9._-]*(\/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$/ ||
          (path ~ /^data\//) != data || path ~ /^(signature|tagmanifest-sha256)[.]txt$/) exit 1
      before = path; print path }' "$1" >>"$W/listed" || tampered "$1 is malformed"
}
within() { awk 'NR == FNR { l[$0] = 1; next } !($0 in l) { exit 1 }' "$1" "$2"; } # no other rows in $2
manifests() {
    rule=E2 && manifest manifest-sha256.txt 1 && manifest tagmanifest-sha256.txt 0
    find . -type f | sed 's|^\./||' >"$W/files"
    printf '%s\n' signature.txt tagmanifest-sha256.txt | cat - "$W/listed" >"$W/known"
    within "$W/known" "$W/files" || tampered "a file stands in no manifest"
    within "$W/files" "$W/listed" || unverifiable "a file is missing"
    few=; for f in manifest-sha256.txt tagmanifest-sha256.txt; do [ ! -s $f ] || sha256sum -c $f >/dev/null 2>&1 || tampered "a file of $f was changed"; done
}
# Keys and name of the operation whose ledger begins with line $1.
founded() {
    case $1 in "0 "*" genesis "*) ;; *) tampered "the first line is missing" ;; esac
    case $(value "$1" v) in 1) digits=64 ;; 2) digits=32 ;; *) unverifiable "another version" ;; esac
    case=$(value "$1" case) log=$(value "$1" log)
    printf %s "${1%% sig=*}" >"$W/said" && is_hex "$log" 64 && is_hex "$(value "$1" epoch)" 64 && is_hex "$(value "$1" prev)" $digits || tampered "the first line is malformed"
    echo "said the-case-key $case $(value "$1" sig)" >"$W/rows" && all_true
    name=$(printf %s "$case" | xxd -r -p | hash)
    origin=sting/$(printf %s "$name" | cut -c1-32)
    [ "$(value "$1" origin)" = "$origin" ] || tampered "of another operation"
}
# Form of exhibit.txt and lines.txt; then who signed the first line.
genesis() {
    rule=E3
    case $(head -n 1 data/exhibit.txt) in sting-exhibit-[12]) ;; *) unverifiable "another version" ;; esac
    ends data/exhibit.txt && awk '
    BEGIN { split("mark origin lines camera from to incident", key, " ")
            number = "^(0|[1-9][0-9]*)$"; form[1] = "^[A-Z0-9/]+$"; form[2] = "^sting/[0-9a-f]+$"
            form[4] = "^[A-Za-z0-9._-]+$"; form[5] = form[6] = "^[0-9TZ:.-]+$"; form[3] = form[7] = number }
    { n = split($0, w, "[ ]") }
    NR <= 8 { if (NR == 1) next
              if (n != 2 || w[1] != key[NR - 1] || w[2] !~ form[NR - 1] ||
                  (w[1] ~ /^(from|to)$/ && length(w[2]) != 27)) exit 1; next }
    n == 2 && w[1] == "film" && w[2] ~ /^[A-Za-z0-9._\/-]+$/ { if (NR > 9 && !pieces) exit 1; films = 1; pieces = 0; next }
    n == 3 && w[1] == "piece" && w[2] ~ number && w[3] ~ number && films { pieces++; next }
    { exit 1 }
    END { if (!pieces) exit 1 }' data/exhibit.txt || tampered "data/exhibit.txt is malformed"
    ends "$lines" && [ -s "$lines" ] && awk -F'[ ]' -v last=-1 '
    { if ($1 !~ /^(0|[1-9][0-9]*)$/ || length($1) > 18 || $1 + 0 <= last || NF < 6 || length($2) != 27 ||
          $2 !~ /^[0-9T:.Z-]+$/ || $3 !~ /^[0-9a-f]+[+][0-9]+[.][0-9]+$/ || $4 !~ /^[a-z]+$/ ||
          $(NF - 1) !~ /^r=[0-9a-f]+$/ || length($(NF - 1)) != 34 || $NF !~ /^prev=[0-9a-f]+$/ || length($NF) !~ /^(37|69)$/ || (prev && length($NF) != prev)) exit 1
      for (i = 5; i < NF - 1; i++) if ($i !~ /^[a-z0-9_]+=[!-~]*$/) exit 1
      prev = length($NF); last = $1 + 0 }' "$lines" || tampered "data/ledger/lines.txt is malformed"
    first=$(head -n 1 "$lines") && founded "$first"
    [ "$(told origin)" = "$origin" ] || tampered "of another operation"
    [ -z "$expected" ] || { [ ${#expected} -ge 32 ] && case $name in "$expected"*) ;; *) false ;; esac; } || tampered "another case key"
    mark=$(told mark) size=$(told lines) camera=$(told camera)
}
signature() {
    rule=E4 tags=$(hash <tagmanifest-sha256.txt)
    [ "$(notes signature.txt)" = 1 ] && [ "$(cat "$W/note.1")" = "$(printf 'sting-exhibit-1\n%s\n%s' "$mark" "$tags")" ] || tampered "the signature is of another exhibit"
    set -- "$origin" "$log" "$name"
    f=data/ledger/office.txt
    [ ! -e $f ] || { [ "$(wc -l <$f)" -eq 1 ] && ends $f && founded "$(cat $f)"; } || tampered "no line"
    signed note.1 "$origin" "$log"
    origin=$1 log=$2 name=$3
}
checkpoint() {
    rule=E5
    [ "$(notes data/ledger/checkpoint.txt)" = 1 ] && [ "$(head -n 2 "$W/note.1")" = "$(printf '%s\n%s' "$origin" "$size")" ] || tampered "another checkpoint"
    root=$(sed -n 3p "$W/note.1" | awk "$base64"'{ print hex64($0) }') && is_hex "$root" 64 || tampered "another checkpoint"
    mv "$W/note.1" "$W/final" && mv "$W/note.1.sig" "$W/final.sig" && signed final "$origin" "$log"
}
# Of each path in turn, of a line or an earlier checkpoint, its siblings: $W/step.LEVEL has "PATH
# SIDE HEX", SIDE where the sibling is (RFC 9162, 2.1.3.2 and 2.1.4.2). $W/old: where the path of
# an earlier checkpoint begins, and the root it must give.
paths() {
    awk -v size="$size" -v origin="$origin" -v w="$W/" "$base64"'
    function fail() { bad = 1; exit 1 }
    function halve() { fn = int(fn / 2); sn = int(sn / 2) }
    function begin(line) { row++; level = 0; fn = line; sn = size - 1 }
    function node(s) { if (!(s in known)) known[s] = hex64(s); if (length(known[s]) != 64) fail(); return known[s] }
    function climb(h,   left) {
        if (sn == 0) fail()
        left = (fn % 2 || fn == sn)
        print at, left ? "L" : "R", h >(w "step." level++)
        while (left && fn && fn % 2 == 0) halve()
        halve() }
    pass == 1 { seq[++lines] = $1; next }
    pass == 2 && !row { if ($0 != "index " seq[++at] || seq[at] + 0 >= size + 0) fail(); begin(seq[at] + 0); next }
    pass == 2 && $0 != "" { climb(node($0)); next }
    pass == 2 || (row == 4 && $0 == "") { if (sn || (pass == 3 && from == "")) fail(); row = 0
                                          if (pass == 3) print from, root >(w "old"); next }
    row == 4 { if (from == "") from = node($0); else climb(node($0)); next }
    row == 1 { if ($0 !~ /^[1-9][0-9]*$/ || length($0) > 18 || $0 + 0 <= old + 0 || $0 + 0 >= size + 0) fail()
               old = $0; at++ }
    row == 2 { root = node($0); begin(old - 1); while (fn % 2) halve(); from = fn ? "" : root; next }
    (row == 0 && $0 != origin) || (row == 3 && $0 != "") { fail() }
    { row++ }
    END { if (bad || row || at < lines || (pass == 3 && at == lines)) exit 1 }' \
        pass=1 "$lines" pass=2 "$proofs" ${earlier:+pass=3 "$earlier"} &&
        ends "$proofs" && { [ -z "$earlier" ] || { ends "$earlier" && [ -s "$earlier" ]; }; } || tampered "paths"
}
# "ROOT ENDING" of each path ($W/at): of the whole, and of the ledger up to it ("-": not asked for).
# All climb together, level by level, and each node is hashed once.
places() {
    rule=E6; paths; awk '{ printf "\001%s\n", $0 }' "$lines" | tr '\001' '\000' | hashes -l 1 >"$W/new"
    awk 'NR == FNR { is[NR] = $4 == "epoch"; next } { print $1, is[FNR] ? $1 : "-" }' "$lines" "$W/new" >"$W/at"
    [ -z "$earlier" ] || awk '{ print $1, $1 }' "$W/old" >>"$W/at"
    # One step up with the hashes of $W/new (none before the first); then asks for those of the next.
    climb='
    function of(m) {
        if (!(m in h)) { if (ask) print "01" m; else getline row <(w "new"); h[m] = substr(row, 1, 64) }
        return h[m] }
    function step(level,   v) { split("", h); while ((getline row <(w "step." level)) > 0) { split(row, v, " "); i = v[1]
        r[i] = of(v[2] == "L" ? v[3] r[i] : r[i] v[3]); if (v[2] == "L" && e[i] != "-") e[i] = of(v[3] e[i]) } }
    { r[NR] = $1; e[NR] = $2 }
    END { if (level) step(level - 1); for (i = 1; i <= NR; i++) print r[i], e[i] >(w "at.1"); ask = 1; step(level) }'
    level=0
    while awk -v level=$level -v w="$W/" "$climb" "$W/at" >"$W/ask" && mv "$W/at.1" "$W/at" && [ -e "$W/step.$level" ]; do
        xxd -r -p <"$W/ask" | hashes -b 65 >"$W/new"; level=$((level + 1))
    done
    [ "$(cut -d' ' -f1 "$W/at" | sort -u)" = "$root" ] || tampered "a line is not in the ledger"
    [ -z "$earlier" ] || awk -v lines="$(wc -l <"$lines")" 'NR == FNR { root[NR + lines] = $2; next }
        (FNR in root) && root[FNR] != $2 { exit 1 }' "$W/old" "$W/at" || tampered "of an earlier ledger"
}
epochs() {
    rule=E7 && count=$(notes data/ledger/epochs.txt) || tampered "epochs.txt is malformed"
    awk -v origin="$origin" -v log_key="$log" -v key="$(value "$first" epoch)" -v count="$count" -v size="$size" -v w="$W/" "$base64"'
    function end(verdict) { print verdict; bad = 1; exit }
    NR == FNR { e[NR] = $2; next }
    $4 != "epoch" { next }
    { split("", v); for (i = 5; i <= NF; i++) { split($i, p, "="); v[p[1]] = p[2] }
      if (v["n"] != n "" || v["first"] != start "") end("tampered an epoch is left out")
      note = "note." (n + 1); start = sprintf("%.0f", $1 + 1)
      if (n + 1 > count) end("unverifiable a checkpoint is missing")
      getline a <(w note); getline b <(w note); getline c <(w note); close(w note)
      if (a != origin || b != start || hex64(c) != e[FNR]) end("tampered the checkpoint of epoch " n " is another")
      print note, origin, log_key; print note, origin "/epoch/" n, key
      used = key; key = v["next"]; n++
      if (length(key) != 64 || key !~ /^[0-9a-f]+$/) end("tampered an epoch names no key") }; BEGIN { n = start = 0 }
    END { if (!bad && n != count) end("tampered a checkpoint too many")
          if (!bad) print "final", origin "/epoch/" (n && start == size ? n - 1 " " used : n " " key) }' \
        "$W/at" data/ledger/lines.txt >"$W/jobs"
    signed
}
films() {
    rule=E8 && find . -name '*.mp4' -type f | sed 's|^\./||' | while read -r f; do echo "$f $(wc -c <"$f")"; done >"$W/mp4"
    # Each piece with its line: FILM OFFSET BYTES PT; then the number of gaps.
    awk -v camera="$camera" -v mp4="$W/mp4" '
    function fail() { bad = 1; exit 1 }; function whole() { if (film != "" && offset != bytes[film]) fail() }
    function number(s) { if (s !~ /^(0|[1-9][0-9]*)$/ || length(s) > 18) fail(); return s + 0 }
    function told(k, t, d) { if (!((k, d) in gone)) return
        gone[k, d] -= (t, k) in v && number(v[t, k]) < gone[k, d] ? v[t, k] : gone[k, d] }
    # Lines before a piece that are none: of what was erased, or telling so.
    function erased(until,   t, d) { for (; at < all && line[at + 1] + 0 < until; at++) { t = line[at + 1]; d = v[t, "date"]
        if (kind[t] == "erase" && (!((t, "camera") in v) || v[t, "camera"] == camera)) { told("count", t, d); told("bytes", t, d) }
        if (kind[t] != "seg") continue
        if (old || v[t, "camera"] != camera || length(d) != 10) fail()
        if (!(("count", d) in gone) && ++days > 4096) fail()
        gone["count", d]++; gone["bytes", d] += number(v[t, "bytes"]); if (!again) gaps++
        again = 1; if ("n" v[t, "init"] == stream) { before = v[t, "n"] ""; end = v[t, "pts"] + v[t, "us"] } } }
    BEGIN { while ((getline row <mp4) > 0) { split(row, w, " "); bytes[w[1]] = w[2] + 0; left++ } }
    NR == FNR { kind[$1] = $4; gaps += $4 == "gap"; inits += $4 == "init"; line[++all] = $1
                for (i = 5; i <= NF; i++) { at = index($i, "="); v[$1, substr($i, 1, at - 1)] = substr($i, at + 1) }
                next }
    FNR == 1 { old = $1 == "sting-exhibit-1" }
    $1 == "film" { whole(); film = $2; offset = 0; stream = before = ""; if (films++) gaps++
                   if (!(film in bytes) || film in seen) fail(); seen[film] = 1; left--; next }
    $1 == "piece" { s = $2
        if ((lines_seen && s + 0 <= last) || kind[s] != (stream == "" ? "init" : "seg") ||
            v[s, "camera"] != camera || v[s, "pt"] == "") fail()
        printf "%s %.0f %s %s\n", film, offset, $3, v[s, "pt"]; offset += $3; last = s + 0; lines_seen++
        if (stream == "") { stream = "n" v[s, "n"]; next }
        if ("n" v[s, "init"] != stream) fail(); erased(s + 0); at++; again = 0
        d = v[s, "n"] - before
        if (before != "" && ((d != 1 && d != 0) || v[s, "pts"] - end > 100000)) gaps++
        before = v[s, "n"] ""; end = v[s, "pts"] + v[s, "us"] }
    END { if (!bad) { whole(); erased(1e18) } for (k in gone) left += gone[k]
          if (bad || left || films != inits) exit 1; print "gaps", gaps + 0 }' \
        data/ledger/lines.txt data/exhibit.txt >"$W/pieces" || tampered "films and lines do not fit"
    while read -r film offset bytes pt; do
        [ "$film" != gaps ] || { gaps=$offset; break; }
        tail -c +$((offset + 1)) "$film" | head -c "$bytes" | sha256sum
    done <"$W/pieces" >"$W/sums"
    awk 'NR == FNR { is[NR] = substr($1, 1, 64); next } $1 != "gaps" && $4 != is[FNR] { exit 1 }' \
        "$W/sums" "$W/pieces" || tampered "a line speaks of other bytes"
}
# Only line $1's place, and who signed the checkpoint that it is under.
one_line() {
    lines=$W/lines proofs=$W/proofs
    awk -v n="$1 " 'NR == 1 { print; next } index($0, n) == 1 { print; exit }' data/ledger/lines.txt >"$lines"
    awk -v n="$1" '/^index/ { if ($2 + 0 > n + 0) exit; on = $2 == 0 || $2 == n } on' data/ledger/proofs.txt >"$proofs"
    rule=E3 && grep -q "^$1 " "$lines" || unverifiable "line $1 is not shown"
    for step in genesis checkpoint places; do $step; done
    judged "line $1 of $origin stands in the ledger of $size lines that its log key signed"
}
lines=data/ledger/lines.txt proofs=data/ledger/proofs.txt expected= earlier= by=
[ "${1-}" != line ] || { one_line "${2-}"; exit 0; }
[ ! -f data/ledger/consistency.txt ] || earlier=data/ledger/consistency.txt
expected=$(printf %s "$*" | tr A-F a-f | tr -cd 0-9a-f)
for step in names manifests genesis signature checkpoint places epochs films; do $step; done
[ ! -f data/ledger/office.txt ] || by=$(awk 'match($0, / origin=[^ ]+/) { print "; REPORT, CUSTODY, MARK: THE WORD OF WHO IMPORTED IT, " substr($0, RSTART + 8, RLENGTH - 8) ", VOUCHED FOR BY NOBODY HERE: ask them" }' data/ledger/office.txt)
if [ "$gaps" -gt 0 ]; then judged "INTACT WITH GAPS: $gaps$by"; else judged "INTACT$by"; fi
echo "exhibit $mark of $origin: $(wc -l <data/ledger/lines.txt) lines of $size, $count epochs"
echo "sha256 of tagmanifest-sha256.txt $tags"
echo "case key $name"; [ -n "$expected" ] || echo "ORIGIN UNKNOWN: compare the case key with what its owner told you"
[ "$gaps" -eq 0 ] || exit 10
