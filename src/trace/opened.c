#include "trace/opened.h"

#include <string.h>

#include "ledger/note.h"
#include "ledger/tree.h"
#include "mark/code.h"
#include "operation/sheet.h"
#include "trace/pack_text.h"

#define MOST_LINES ((uint64_t)INT64_MAX / 16)

enum sting_status opened_copy_add(const struct opened_copy *copy,
                                  struct buffer *out)
{
    enum sting_status status = pack_add_number(out, "copy", copy->number);
    if (!status) {
        status = pack_add_hex(out, "key", copy->key.byte);
    }
    if (!status) {
        status = pack_add_hex(out, "salt", copy->salt.byte);
    }
    if (!status) {
        status = buffer_printf(out, "holder %s\n", copy->holder);
    }
    if (!status) {
        status = pack_add_number(out, "first", copy->first);
    }
    if (!status) {
        status = pack_add_number(out, "count", copy->place.leaves);
    }
    return status ? status
                  : pack_add_digests(out, "copy-depth", "copy-path",
                                     copy->place.node, copy->place.depth);
}

enum sting_status opened_copy_take(struct bytes *from, struct opened_copy *out)
{
    enum sting_status status =
        pack_take_u32(from, "copy", 1, UINT32_MAX, &out->number);
    if (!status) {
        status = pack_take_hex(from, "key", out->key.byte, SECRET_SIZE);
    }
    if (!status) {
        status = pack_take_hex(from, "salt", out->salt.byte, SECRET_SIZE);
    }
    if (!status) {
        status =
            sheet_take_text(from, "holder", out->holder, sizeof out->holder);
    }
    if (!status) {
        status = pack_take_u32(from, "first", 1, out->number, &out->first);
    }
    if (!status) {
        status =
            pack_take_u64(from, "count", 1, UINT32_MAX, &out->place.leaves);
    }
    out->place.index = out->number - out->first;
    return status
               ? status
               : pack_take_path(from, "copy-depth", "copy-path", &out->place);
}

enum sting_status opened_line_add(const struct ledger_proof *proof,
                                  const char *key, struct buffer *out)
{
    enum sting_status status =
        pack_add_base64(out, key, buffer_bytes(&proof->line));
    if (!status) {
        status = pack_add_number(out, "line", proof->path.index);
    }
    if (!status) {
        status = pack_add_number(out, "lines", proof->path.leaves);
    }
    if (!status) {
        status = pack_add_digests(out, "line-depth", "line-path",
                                  proof->path.node, proof->path.depth);
    }
    return status
               ? status
               : pack_add_base64(out, "checkpoint", buffer_bytes(&proof->note));
}

enum sting_status opened_line_take(struct bytes *from, const char *key,
                                   struct ledger_proof *out)
{
    enum sting_status status = pack_take_base64(from, key, &out->line);
    if (!status) {
        status = pack_take_u64(from, "line", 0, MOST_LINES, &out->path.index);
    }
    if (!status) {
        status = pack_take_u64(from, "lines", 1, MOST_LINES, &out->path.leaves);
    }
    if (!status) {
        status = pack_take_path(from, "line-depth", "line-path", &out->path);
    }
    return status ? status : pack_take_base64(from, "checkpoint", &out->note);
}

enum sting_status opened_no(struct fault *fault, const char *why)
{
    return fault_set(fault, STING_E_FORGED, "do not rely on it", "%s", why);
}

enum sting_status opened_genesis_check(struct bytes text,
                                       struct opened_genesis *out,
                                       struct fault *fault)
{
    struct line line;
    struct public_key key;
    struct signature signature;
    const uint8_t *end =
        text.size ? memmem(text.data, text.size, " sig=", 5) : NULL;
    if (!end || line_parse(text, &line) || line.seq != 0 ||
        strcmp(line.kind->name, "genesis") != 0 ||
        line_hex(&line, "case", key.byte, sizeof key.byte) ||
        line_hex(&line, "log", out->log.byte, sizeof out->log.byte) ||
        line_hex(&line, "sig", signature.byte, sizeof signature.byte)) {
        return opened_no(fault, "the ledger's first line is malformed");
    }
    struct bytes said = {text.data, (size_t)(end - text.data)};
    if (signature_verify(&key, said, &signature)) {
        return opened_no(fault,
                         "the case key did not sign the ledger's first line");
    }
    digest_text(digest_of((struct bytes){key.byte, sizeof key.byte}),
                out->case_key);
    line_text(&line, "origin", out->origin, sizeof out->origin);
    return STING_OK;
}

enum sting_status opened_signature_check(const struct opened_genesis *genesis,
                                         struct bytes text,
                                         const uint8_t byte[SIGNATURE_SIZE],
                                         struct fault *fault)
{
    struct signature signature;
    memcpy(signature.byte, byte, sizeof signature.byte);
    return signature_verify(&genesis->log, text, &signature)
               ? opened_no(fault, "the pack was changed after it was signed")
               : STING_OK;
}

enum sting_status opened_line_check(const struct opened_genesis *genesis,
                                    const struct ledger_proof *proof,
                                    const char *kind, struct line *out,
                                    struct fault *fault)
{
    struct note note;
    struct bytes text = buffer_bytes(&proof->note);
    if (note_parse(text, &note) || note.bytes != text.size ||
        !bytes_equal(note.origin, bytes_of_text(genesis->origin)) ||
        note_verify(&note, genesis->origin, &genesis->log)) {
        return opened_no(fault, "the log key did not sign the checkpoint");
    }
    if (note.size != proof->path.leaves ||
        proof_check(&proof->path, tree_leaf(buffer_bytes(&proof->line)),
                    note.root)) {
        return opened_no(fault, "the commitment is not under the checkpoint");
    }
    if (line_parse(buffer_bytes(&proof->line), out) ||
        strcmp(out->kind->name, kind) != 0 || out->seq != proof->path.index) {
        return opened_no(fault, "the commitment is malformed");
    }
    return STING_OK;
}

enum sting_status opened_copy_check(const struct opened_copy *copy,
                                    const struct line *line, const char *bait,
                                    const struct digest *original,
                                    struct fault *fault)
{
    char name[CONFIG_NAME_SIZE];
    int64_t first = 0, count = 0;
    struct digest root, of;
    if (line_integer(line, "first", &first) ||
        line_integer(line, "count", &count) ||
        line_hex(line, "root", root.byte, DIGEST_SIZE) ||
        line_hex(line, "original", of.byte, DIGEST_SIZE)) {
        return opened_no(fault, "the commitment is malformed");
    }
    line_text(line, "bait", name, sizeof name);
    if (strcmp(name, bait) != 0 || first != copy->first ||
        count != (int64_t)copy->place.leaves || !digest_equal(of, *original)) {
        return opened_no(fault, "the commitment speaks of another batch");
    }
    struct digest leaf = mark_commitment_leaf(
        copy->number, &copy->key, copy->salt.byte, bytes_of_text(copy->holder));
    return proof_check(&copy->place, leaf, root)
               ? opened_no(fault,
                           "copy, key or holder is not what was committed to")
               : STING_OK;
}
