#include "byte_queue.h"

#include <stdlib.h>
#include <string.h>

static void add_stretch(struct byte_queue *queue, const uint8_t *from, uint32_t count) {
    while (count > 0) {
        uint32_t end = (queue->start + queue->length) % BYTE_QUEUE_CAPACITY;
        uint32_t fits = BYTE_QUEUE_CAPACITY - end;
        uint32_t step = count < fits ? count : fits;
        memcpy(queue->bytes + end, from, step);
        queue->length += step;
        from += step;
        count -= step;
    }
}

bool byte_queue_add(struct byte_queue *queue, const struct iovec *parts, unsigned count) {
    size_t total = 0;
    for (unsigned i = 0; i < count; i++) {
        total += parts[i].iov_len;
    }
    if (total > BYTE_QUEUE_CAPACITY - queue->length) {
        return false;
    }
    if (total > 0 && !queue->bytes) {
        queue->bytes = malloc(BYTE_QUEUE_CAPACITY);
        if (!queue->bytes) {
            return false;
        }
    }
    for (unsigned i = 0; i < count; i++) {
        add_stretch(queue, parts[i].iov_base, parts[i].iov_len);
    }
    return true;
}

struct iovec byte_queue_front(const struct byte_queue *queue) {
    uint32_t until_end = BYTE_QUEUE_CAPACITY - queue->start;
    uint32_t length = queue->length < until_end ? queue->length : until_end;
    return (struct iovec){.iov_base = queue->bytes + queue->start, .iov_len = length};
}

void byte_queue_drop(struct byte_queue *queue, uint32_t count) {
    queue->start = (queue->start + count) % BYTE_QUEUE_CAPACITY;
    queue->length -= count;
    if (queue->length == 0) {
        byte_queue_clear(queue);
    }
}

void byte_queue_clear(struct byte_queue *queue) {
    free(queue->bytes);
    *queue = (struct byte_queue){0};
}
