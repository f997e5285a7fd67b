#include "station/roll.h"

static struct roll_piece *piece_at(struct roll *roll, size_t i)
{
    return &roll->piece[(roll->first + i) % ROLL_MOST];
}

const struct recording_fragment *roll_oldest(const struct roll *roll)
{
    return roll->count ? &roll->piece[roll->first].facts : NULL;
}

void roll_drop(struct roll *roll)
{
    struct roll_piece *piece = piece_at(roll, 0);
    if (roll->count == 0) {
        return;
    }
    roll->bytes -= piece->data.size;
    buffer_release(&piece->data);
    roll->first = (roll->first + 1) % ROLL_MOST;
    roll->count--;
}

void roll_clear(struct roll *roll)
{
    while (roll->count) {
        roll_drop(roll);
    }
}

/* The youngest keyframe that is old enough to begin with; 0 when none is. */
static size_t begin_find(struct roll *roll, int64_t from_us)
{
    for (size_t i = roll->count; i-- > 1;) {
        const struct recording_fragment *facts = &piece_at(roll, i)->facts;
        if (facts->starts_with_key && facts->utc_us <= from_us) {
            return i;
        }
    }
    return 0;
}

static void drop_to(struct roll *roll, size_t begin)
{
    while (begin-- > 0) {
        roll_drop(roll);
    }
}

/* Too much: forget the oldest, and on to the next keyframe. */
static void make_room(struct roll *roll, size_t bytes)
{
    while (roll->count &&
           (roll->count == ROLL_MOST || roll->bytes + bytes > ROLL_MOST_BYTES ||
            !roll_oldest(roll)->starts_with_key)) {
        roll_drop(roll);
    }
}

enum sting_status roll_add(struct roll *roll,
                           const struct recording_fragment *fragment,
                           int64_t before_us)
{
    make_room(roll, fragment->data.size);
    if (roll->count == 0 &&
        (!fragment->starts_with_key || fragment->data.size > ROLL_MOST_BYTES)) {
        return STING_OK;
    }
    struct roll_piece *piece = piece_at(roll, roll->count);
    *piece = (struct roll_piece){.facts = *fragment};
    enum sting_status status = buffer_append(&piece->data, fragment->data);
    if (status) {
        return status;
    }
    piece->facts.data = buffer_bytes(&piece->data);
    roll->bytes += piece->data.size;
    roll->count++;
    drop_to(roll, begin_find(roll, fragment->utc_us - before_us));
    return STING_OK;
}
