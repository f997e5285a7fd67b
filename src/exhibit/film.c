/* The recording: init and segments one after the other, opened. */
#include <inttypes.h>

#include "exhibit/gathered.h"
#include "ledger/recording.h"

/* It was there when the lines were chosen, or is the head of a stream, which
 * no deletion on purpose takes. */
static enum sting_status gone(const struct line *line, struct fault *fault)
{
    return fault_set(fault, STING_E_ABSENT, "say it again, or see sting verify",
                     "the file of entry %" PRIu64 ", a part of the recording, "
                     "is not here any more",
                     line->seq);
}

static enum sting_status piece_put(struct gathered *gathered,
                                   struct gathered_piece *piece,
                                   struct bag_stream *stream,
                                   struct fault *fault)
{
    struct buffer plain STING_AUTO(buffer_release) = {0};
    struct line line = gathered_parse(gathered, piece->line);
    enum sting_status status =
        recording_open(operation_dir(gathered->operation),
                       &gathered->keys->identity, &line, &plain, fault);
    if (status == STING_E_ABSENT) {
        return gone(&line, fault);
    }
    piece->bytes = plain.size;
    return status ? status
                  : bag_stream_put(stream, buffer_bytes(&plain), fault);
}

static enum sting_status film_put(struct gathered *gathered,
                                  struct gathered_film *film, struct bag *bag,
                                  struct fault *fault)
{
    struct bag_stream stream STING_AUTO(bag_stream_release) = {.fd = -1};
    enum sting_status status = bag_stream_open(bag, film->path, &stream, fault);
    for (size_t i = 0; !status && i < film->pieces; i++) {
        status = piece_put(gathered, &gathered->piece[film->first + i], &stream,
                           fault);
    }
    if (!status) {
        status = bag_stream_close(bag, &stream, fault);
    }
    film->bytes = stream.file.bytes;
    film->sha256 = stream.file.sha256;
    return status;
}

enum sting_status films_put(struct gathered *gathered, struct bag *bag,
                            struct fault *fault)
{
    enum sting_status status = STING_OK;
    for (size_t i = 0; !status && i < gathered->films; i++) {
        status = film_put(gathered, &gathered->film[i], bag, fault);
    }
    return status;
}
