// Bytes from the guest that the host's socket did not take yet: first in, first out, and bounded.
#ifndef BYTE_QUEUE_H
#define BYTE_QUEUE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/uio.h>

// As in Firecracker. It is also what the guest is told that it may send without being acknowledged.
enum { BYTE_QUEUE_CAPACITY = 64 * 1024 };

// Zeroed is empty. Memory is held only while there are bytes in it.
struct byte_queue {
    uint8_t *bytes;
    uint32_t start;
    uint32_t length;
};

// False, with nothing added, if they do not fit.
bool byte_queue_add(struct byte_queue *queue, const struct iovec *parts, unsigned count);

// The longest stretch that lies together, from the front.
struct iovec byte_queue_front(const struct byte_queue *queue);

void byte_queue_drop(struct byte_queue *queue, uint32_t count);

void byte_queue_clear(struct byte_queue *queue);

#endif
