#include "watch/mend.h"

void mend_begin(struct mend *mend, const struct stream *stream,
                const struct packet *first, int64_t origin_us,
                struct moment now)
{
    int64_t first_us = stream_us(stream, first->pts);
    *mend = (struct mend){.stream = stream, .shift_us = origin_us - first_us};
    time_line_begin(&mend->line, first_us, origin_us, now);
}

int64_t mend_packet(struct mend *mend, struct packet *packet, struct moment now)
{
    struct mend *m = mend;
    bool jumped = false;
    int64_t before_us = m->line.shift_us;
    int64_t at_us = time_line_add(&m->line, stream_us(m->stream, packet->pts),
                                  now, &jumped);
    if (jumped) {
        m->jumps++;
        m->jumped_us = before_us - m->line.shift_us;
        m->ticks_before = m->ticks;
        m->from = stream_ticks(m->stream, at_us - m->shift_us);
        m->ticks = m->from - packet->pts;
    }
    packet->pts += m->ticks;
    return at_us;
}

int64_t mend_undo_us(const struct mend *mend, int64_t at_us)
{
    bool is_since =
        mend->jumps == 0 || at_us >= stream_us(mend->stream, mend->from);
    return at_us -
           stream_us(mend->stream, is_since ? mend->ticks : mend->ticks_before);
}
