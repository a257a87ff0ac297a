// All connections of one guest: takes packets from its transmit queue, fills its receive queue, and watches the host's sockets.
#ifndef MUXER_H
#define MUXER_H

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

#include "connection.h"
#include "guest_memory.h"
#include "virtqueue.h"

enum {
    // Answers to packets that belong to no connection. While the guest takes none, none of its packets is handled.
    MAX_STRAY_RESETS = 256,
    // How many packets one source may have in a row before the others have their turn.
    BURST = 64,
};

struct stray_reset {
    uint32_t host_port;
    uint32_t guest_port;
    uint16_t type;
};

struct muxer {
    uint64_t guest_cid;
    const char *uds_path;
    int listener;
    bool half_close;
    bool verbose;
    unsigned limit;

    unsigned count;
    // Both hold `limit` elements. The second says which of the first can be read, since the last poll.
    struct connection **connections;
    bool *readable;
    uint32_t next_host_port;
    // Who comes first in the guest's receive queue; it moves on, so that nobody starves.
    unsigned first;

    unsigned stray_count;
    struct stray_reset strays[MAX_STRAY_RESETS];
};

// What muxer_poll_set() may add at most, for a muxer with `limit` connections.
static inline unsigned muxer_max_poll(unsigned limit) {
    return limit + 1;
}

// Handles packets of the guest, at most BURST of them. False if the guest broke the rules of its ring.
bool muxer_transmit(struct muxer *muxer, struct virtqueue *queue, const struct guest_memory *memory);

// Whether there are more packets to handle, which no event will announce again.
bool muxer_can_transmit(const struct muxer *muxer, const struct virtqueue *queue);

// Gives the guest what there is for it, as far as it has buffers. False if the guest broke the rules of its ring.
bool muxer_receive(struct muxer *muxer, struct virtqueue *queue, const struct guest_memory *memory);

// Writes what is to be watched; `receive` is the guest's receive queue. Returns the number of elements.
unsigned muxer_poll_set(const struct muxer *muxer, const struct virtqueue *receive, struct pollfd *set);

// Acts on what poll(2) has found in that set, and on the time. No connection may have come or gone since the set was made.
void muxer_polled(struct muxer *muxer, const struct pollfd *set);

// Frees what is gone.
void muxer_sweep(struct muxer *muxer);

// Milliseconds until muxer_polled() has something to do without an event; -1 for never.
int muxer_timeout(const struct muxer *muxer);

// The guest's driver has let go of the device: no connection survives that.
void muxer_drop_all(struct muxer *muxer);

#endif
