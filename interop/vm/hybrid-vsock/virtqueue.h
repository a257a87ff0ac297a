// A split virtqueue, seen from the device: VIRTIO 1.2, section 2.7. The guest writes its rings while we read them, so each value
// is read once and checked before use.
#ifndef VIRTQUEUE_H
#define VIRTQUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

#include "guest_memory.h"

enum {
    // The largest ring that virtio allows.
    MAX_QUEUE_SIZE = 32768,
    // Linux uses one or two parts for a vsock packet; a chain with more than this is taken for a broken ring.
    MAX_PARTS = 64,
};

struct virtqueue {
    uint32_t size;
    // In the VMM's address space, as vhost-user gives them.
    uint64_t descriptors_address;
    uint64_t available_address;
    uint64_t used_address;
    // In ours; NULL while the queue cannot be used.
    struct descriptor *descriptors;
    uint16_t *available;
    uint16_t *used;
    uint16_t next_available;
    uint16_t next_used;
    bool enabled;
    bool must_notify;
    // Event descriptors, or -1: the guest kicks us, we call the guest.
    int kick;
    int call;
};

// One buffer of the guest: `count` parts of `bytes` together.
struct chain {
    uint16_t head;
    unsigned count;
    size_t bytes;
    struct iovec parts[MAX_PARTS];
};

enum chain_direction { GUEST_TO_HOST, HOST_TO_GUEST };

enum peek_result { PEEK_EMPTY, PEEK_FOUND, PEEK_BROKEN };

// Finds the rings in the guest's memory. False if they do not lie in it.
bool virtqueue_start(struct virtqueue *queue, const struct guest_memory *memory);

void virtqueue_stop(struct virtqueue *queue);

bool virtqueue_has_next(const struct virtqueue *queue);

// The next buffer, without taking it. PEEK_BROKEN if the guest broke the rules of the ring.
enum peek_result virtqueue_peek(
    const struct virtqueue *queue, const struct guest_memory *memory, enum chain_direction direction, struct chain *chain);

// Gives the peeked buffer back to the guest with `written` bytes in it.
void virtqueue_complete(struct virtqueue *queue, const struct chain *chain, uint32_t written);

// Tells the guest about completed buffers, if there are any and it wants to know.
void virtqueue_notify(struct virtqueue *queue);

// Copies between a chain's first bytes and `bytes`. False if the chain is shorter.
bool chain_read(const struct chain *chain, void *bytes, size_t length);
bool chain_write(const struct chain *chain, const void *bytes, size_t length);

// The part of the chain from `skip` on, at most `limit` bytes of it. Returns the number of elements in `parts`.
unsigned chain_slice(const struct chain *chain, size_t skip, size_t limit, struct iovec parts[MAX_PARTS]);

#endif
