#include "operation/player_convert.h"

#include "media/fragment_read.h"
#include "media/recode.h"
#include "media/source.h"
#include "wire/wire.h"

#define LIVE_CRF 27   /* about what a camera gives */
#define SEALED_CRF 24 /* for who looks closely */
#define ABOUT_US 2000 /* times of files and of pictures are rounded apart */

void player_convert_release(struct player_convert *convert)
{
    recoder_free(&convert->recoder);
    convert->head_is_sent = false;
}

static enum sting_status head_send(struct player_convert *convert)
{
    struct buffer head STING_AUTO(buffer_release) = {0};
    enum sting_status status = recoder_head(convert->recoder, &head);
    convert->head_is_sent = true;
    return status ? status
                  : wire_send(convert->channel,
                              (struct wire_head){.kind = WIRE_PLAYER_HEAD},
                              buffer_bytes(&head));
}

static enum sting_status piece_send(void *context,
                                    const struct fragment *fragment)
{
    struct player_convert *convert = context;
    const struct wire_head head = {.kind = WIRE_PLAYER_PIECE,
                                   .number = {fragment->pts_us,
                                              fragment->duration_us,
                                              fragment->key, fragment->frames}};
    enum sting_status status =
        convert->head_is_sent ? STING_OK : head_send(convert);
    return status ? status : wire_send(convert->channel, head, fragment->data);
}

enum sting_status player_convert_begin(struct player_convert *convert,
                                       struct bytes init, struct fault *fault)
{
    struct source *source STING_AUTO(source_free) = NULL;
    const struct source_settings settings = {.memory = init};
    player_convert_release(convert);
    enum sting_status status = source_open(&settings, &source, fault);
    return status ? status
                  : recoder_new(source_stream(source), LIVE_CRF, piece_send,
                                convert, &convert->recoder, fault);
}

static enum sting_status packet_add(void *context, const struct packet *packet)
{
    return recoder_add(context, packet);
}

enum sting_status player_convert_more(struct player_convert *convert,
                                      int64_t from_us, struct bytes fragments)
{
    if (!convert->recoder) {
        return STING_E_ARG;
    }
    recoder_from(convert->recoder, from_us);
    enum sting_status status =
        fragment_read(fragments, packet_add, convert->recoder);
    return status ? status : recoder_flush(convert->recoder);
}

/* ---- a whole recording ---- */

/* How many packets come before the keyframe that pictures from from_us on can
 * be decoded from. With an open GOP that is the one before the first that is
 * shown then. */
static enum sting_status packets_before(struct bytes recording, int64_t from_us,
                                        size_t *out, struct fault *fault)
{
    struct source *source STING_AUTO(source_free) = NULL;
    const struct source_settings settings = {.memory = recording};
    enum sting_status status = source_open(&settings, &source, fault);
    *out = 0;
    for (size_t i = 0; !status; i++) {
        struct packet packet STING_AUTO(packet_release) = {0};
        bool is_new = false;
        status = source_read(source, &packet, &is_new, fault);
        if (!status && packet.key &&
            stream_us(source_stream(source), packet.pts) < from_us) {
            *out = i;
        }
    }
    return status == STING_E_ABSENT ? STING_OK : status;
}

struct recording {
    struct recoder *recoder;
    struct buffer out;
};

static void recording_release(struct recording *recording)
{
    recoder_free(&recording->recoder);
    buffer_wipe(&recording->out);
}

static enum sting_status fragment_keep(void *context,
                                       const struct fragment *fragment)
{
    struct recording *to = context;
    enum sting_status status =
        to->out.size ? STING_OK : recoder_head(to->recoder, &to->out);
    return status ? status : buffer_append(&to->out, fragment->data);
}

static enum sting_status packets_add(struct source *source, size_t skip,
                                     struct recoder *recoder,
                                     struct fault *fault)
{
    enum sting_status status = STING_OK;
    for (size_t i = 0; !status; i++) {
        struct packet packet STING_AUTO(packet_release) = {0};
        bool is_new = false;
        status = source_read(source, &packet, &is_new, fault);
        if (!status && i >= skip) {
            status = recoder_add(recoder, &packet);
        }
    }
    return status == STING_E_ABSENT ? recoder_finish(recoder) : status;
}

enum sting_status player_convert_recording(struct buffer *recording,
                                           int64_t from_us, struct fault *fault)
{
    struct source *source STING_AUTO(source_free) = NULL;
    struct recording to STING_AUTO(recording_release) = {0};
    const struct source_settings settings = {.memory = buffer_bytes(recording)};
    size_t skip = 0;
    from_us -= from_us > ABOUT_US ? ABOUT_US : 0;
    enum sting_status status =
        packets_before(settings.memory, from_us, &skip, fault);
    if (!status) {
        status = source_open(&settings, &source, fault);
    }
    if (!status) {
        status = recoder_new(source_stream(source), SEALED_CRF, fragment_keep,
                             &to, &to.recoder, fault);
    }
    if (!status) {
        recoder_from(to.recoder, from_us);
        status = packets_add(source, skip, to.recoder, fault);
    }
    source_free(&source);
    if (!status && to.out.size == 0) {
        status =
            fault_set(fault, STING_E_ABSENT, "", "there is no picture in it");
    }
    if (!status) {
        recording->size = 0;
        status = buffer_append(recording, buffer_bytes(&to.out));
    }
    return status;
}
