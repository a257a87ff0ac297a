#include "virtqueue.h"

#include <string.h>
#include <unistd.h>

struct descriptor {
    uint64_t address;
    uint32_t length;
    uint16_t flags;
    uint16_t next;
};

enum descriptor_flag { DESCRIPTOR_NEXT = 1, DESCRIPTOR_DEVICE_WRITES = 2, DESCRIPTOR_INDIRECT = 4 };

enum available_flag { AVAILABLE_NO_INTERRUPT = 1 };

struct used_element {
    uint32_t head;
    uint32_t written;
};

// Both rings begin with flags and index, 16 bits each. The entries follow.
enum { RING_FLAGS = 0, RING_INDEX = 1, RING_ENTRIES = 2 };

static uint16_t load_shared(const uint16_t *value) {
    return __atomic_load_n(value, __ATOMIC_ACQUIRE);
}

bool virtqueue_start(struct virtqueue *queue, const struct guest_memory *memory) {
    const uint64_t header = RING_ENTRIES * sizeof(uint16_t);
    const uint64_t size = queue->size;
    struct descriptor *descriptors =
        guest_memory_at_frontend(memory, queue->descriptors_address, size * sizeof(struct descriptor));
    uint16_t *available = guest_memory_at_frontend(memory, queue->available_address, header + size * sizeof(uint16_t));
    uint16_t *used = guest_memory_at_frontend(memory, queue->used_address, header + size * sizeof(struct used_element));
    bool aligned = (uintptr_t)descriptors % 16 == 0 && (uintptr_t)available % 2 == 0 && (uintptr_t)used % 4 == 0;
    if (!descriptors || !available || !used || !aligned) {
        virtqueue_stop(queue);
        return false;
    }
    queue->descriptors = descriptors;
    queue->available = available;
    queue->used = used;
    queue->next_used = load_shared(&used[RING_INDEX]);
    return true;
}

void virtqueue_stop(struct virtqueue *queue) {
    queue->descriptors = NULL;
    queue->available = NULL;
    queue->used = NULL;
}

static bool is_running(const struct virtqueue *queue) {
    return queue->descriptors && queue->enabled && queue->kick >= 0;
}

bool virtqueue_has_next(const struct virtqueue *queue) {
    return is_running(queue) && load_shared(&queue->available[RING_INDEX]) != queue->next_available;
}

static bool add_part(
    struct chain *chain, const struct guest_memory *memory, enum chain_direction direction, const struct descriptor *descriptor) {
    bool device_writes = descriptor->flags & DESCRIPTOR_DEVICE_WRITES;
    // Indirect descriptors were not offered.
    if (descriptor->flags & DESCRIPTOR_INDIRECT || device_writes != (direction == HOST_TO_GUEST)) {
        return false;
    }
    void *start = guest_memory_at(memory, descriptor->address, descriptor->length);
    if (!start || chain->count == MAX_PARTS) {
        return false;
    }
    chain->parts[chain->count++] = (struct iovec){.iov_base = start, .iov_len = descriptor->length};
    chain->bytes += descriptor->length;
    return true;
}

enum peek_result virtqueue_peek(
    const struct virtqueue *queue, const struct guest_memory *memory, enum chain_direction direction, struct chain *chain) {
    if (!virtqueue_has_next(queue)) {
        return PEEK_EMPTY;
    }
    uint16_t waiting = load_shared(&queue->available[RING_INDEX]) - queue->next_available;
    if (waiting > queue->size) {
        return PEEK_BROKEN;
    }
    uint16_t index = load_shared(&queue->available[RING_ENTRIES + queue->next_available % queue->size]);
    *chain = (struct chain){.head = index};
    struct descriptor descriptor;
    do {
        if (index >= queue->size) {
            return PEEK_BROKEN;
        }
        // A copy, so that the guest cannot change it after it was checked.
        memcpy(&descriptor, (const void *)&queue->descriptors[index], sizeof descriptor);
        __atomic_signal_fence(__ATOMIC_SEQ_CST);
        // A loop in the chain ends here as well: a chain has at most MAX_PARTS parts.
        if (!add_part(chain, memory, direction, &descriptor)) {
            return PEEK_BROKEN;
        }
        index = descriptor.next;
    } while (descriptor.flags & DESCRIPTOR_NEXT);
    return PEEK_FOUND;
}

void virtqueue_complete(struct virtqueue *queue, const struct chain *chain, uint32_t written) {
    struct used_element *entries = (struct used_element *)(queue->used + RING_ENTRIES);
    entries[queue->next_used % queue->size] = (struct used_element){.head = chain->head, .written = written};
    queue->next_used++;
    queue->next_available++;
    queue->must_notify = true;
    __atomic_store_n(&queue->used[RING_INDEX], queue->next_used, __ATOMIC_RELEASE);
}

void virtqueue_notify(struct virtqueue *queue) {
    if (!queue->must_notify || !is_running(queue)) {
        return;
    }
    queue->must_notify = false;
    // The guest writes its flag and then reads our index; we have written the index and then read the flag. Without a full
    // barrier both could see the old value, and nobody would wake the guest.
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    if (queue->call >= 0 && !(load_shared(&queue->available[RING_FLAGS]) & AVAILABLE_NO_INTERRUPT)) {
        uint64_t one = 1;
        // It fails only when the guest has not yet seen 2^64 earlier calls.
        (void)!write(queue->call, &one, sizeof one);
    }
}

bool chain_read(const struct chain *chain, void *bytes, size_t length) {
    struct iovec parts[MAX_PARTS];
    unsigned count = chain_slice(chain, 0, length, parts);
    uint8_t *to = bytes;
    for (unsigned i = 0; i < count; i++) {
        memcpy(to, parts[i].iov_base, parts[i].iov_len);
        to += parts[i].iov_len;
    }
    return chain->bytes >= length;
}

bool chain_write(const struct chain *chain, const void *bytes, size_t length) {
    struct iovec parts[MAX_PARTS];
    unsigned count = chain_slice(chain, 0, length, parts);
    const uint8_t *from = bytes;
    for (unsigned i = 0; i < count; i++) {
        memcpy(parts[i].iov_base, from, parts[i].iov_len);
        from += parts[i].iov_len;
    }
    return chain->bytes >= length;
}

unsigned chain_slice(const struct chain *chain, size_t skip, size_t limit, struct iovec parts[MAX_PARTS]) {
    unsigned count = 0;
    for (unsigned i = 0; i < chain->count && limit > 0; i++) {
        struct iovec part = chain->parts[i];
        size_t skipped = skip < part.iov_len ? skip : part.iov_len;
        skip -= skipped;
        part.iov_base = (uint8_t *)part.iov_base + skipped;
        part.iov_len -= skipped;
        if (part.iov_len > limit) {
            part.iov_len = limit;
        }
        limit -= part.iov_len;
        if (part.iov_len > 0) {
            parts[count++] = part;
        }
    }
    return count;
}
