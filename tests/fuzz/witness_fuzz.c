/* The body of a request to a witness: what reads, packs into a message that
 * unpacks to the same, and no part of it was believed. */
#include <stdlib.h>
#include <string.h>

#include "web/witness.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct witness_request request;
    static struct witness_request again;
    struct wire_head head;
    struct buffer payload STING_AUTO(buffer_release) = {0};
    if (witness_request_read((struct bytes){data, size}, &request)) {
        return 0;
    }
    if (witness_request_pack(&request, &head, &payload) ||
        payload.size > wire_most_bytes(head.kind) ||
        witness_request_unpack(&head, buffer_bytes(&payload), &again) ||
        again.size != request.size || again.old_size != request.old_size ||
        strcmp(again.origin, request.origin) != 0 ||
        !digest_equal(again.root, request.root) ||
        again.proof.nodes != request.proof.nodes ||
        again.signatures != request.signatures ||
        memcmp(again.proof.node, request.proof.node,
               request.proof.nodes * sizeof *request.proof.node) != 0) {
        abort();
    }
    return 0;
}
