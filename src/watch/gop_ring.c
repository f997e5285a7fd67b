#include "watch/gop_ring.h"

static int place(const struct gop_ring *ring, int index)
{
    return (ring->first + index) % GOP_RING_MOST;
}

const struct packet *gop_ring_at(const struct gop_ring *ring, int index)
{
    return &ring->packet[place(ring, index)];
}

/* How many packets the oldest keyframe and what hangs on it are. */
static int gop_packets(const struct gop_ring *ring)
{
    int count = 1;
    while (count < ring->count && !gop_ring_at(ring, count)->key) {
        count++;
    }
    return count;
}

static void oldest_drop(struct gop_ring *ring, int count)
{
    for (; count > 0 && ring->count > 0; count--) {
        struct packet *packet = &ring->packet[ring->first];
        ring->bytes -= packet->data.size;
        packet_release(packet);
        ring->first = place(ring, 1);
        ring->count--;
    }
}

void gop_ring_clear(struct gop_ring *ring)
{
    oldest_drop(ring, ring->count);
}

void gop_ring_add(struct gop_ring *ring, const struct packet *packet,
                  int64_t at_us)
{
    while (ring->count > 0) {
        int gop = gop_packets(ring);
        bool is_full = ring->count == GOP_RING_MOST ||
                       ring->bytes + packet->data.size > GOP_RING_BYTES;
        bool is_old = gop < ring->count &&
                      at_us - ring->at_us[place(ring, gop)] > GOP_RING_US;
        if (!is_full && !is_old) {
            break;
        }
        oldest_drop(ring, gop);
    }
    int last = place(ring, ring->count);
    if ((ring->count == 0 && !packet->key) ||
        packet->data.size > GOP_RING_BYTES ||
        packet_share(packet, &ring->packet[last])) {
        return;
    }
    ring->at_us[last] = at_us;
    ring->bytes += packet->data.size;
    ring->count++;
}
