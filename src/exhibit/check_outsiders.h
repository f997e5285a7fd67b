/*
 * check_outsiders: by when had an outsider seen what this exhibit shows?
 *
 * Judges the files of data/anchors once all rules hold. It changes no
 * verdict: VERIFY.sh and verify.py leave it to `openssl ts -verify`.
 *
 * An anchor fits when its three lines are those of data/ledger/checkpoint.txt
 * of a note of epochs.txt, or of consistency.txt, which the rules hold to the
 * lines shown. Source: docs/formats/exhibit.md, "Anchors". Takes hostile bytes.
 */
#ifndef STING_EXHIBIT_CHECK_OUTSIDERS_H
#define STING_EXHIBIT_CHECK_OUTSIDERS_H

#include "exhibit/check.h"

#define CHECK_ANCHORS "data/anchors/"
#define CHECK_MOST_ANCHOR ((size_t)256 * 1024) /* bytes of one file */

/* Fill what the report says of outsiders; `known` says whom to believe, when
 * not those that the lines shown name. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status exhibit_check_outsiders(
    const struct check_entry *entry, size_t entries,
    const struct verify_known *known, struct check_report *report);

#endif
