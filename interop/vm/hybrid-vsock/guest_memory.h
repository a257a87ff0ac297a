// The guest's memory, as the VMM shares it. Every address that a guest names goes through here.
#ifndef GUEST_MEMORY_H
#define GUEST_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// The vhost-user protocol allows no more in one table.
enum { MAX_REGIONS = 8 };

// As it stands in the message VHOST_USER_SET_MEM_TABLE.
struct region_description {
    uint64_t guest_address;
    uint64_t size;
    uint64_t frontend_address;
    uint64_t file_offset;
};

struct region {
    uint64_t guest_address;
    uint64_t frontend_address;
    uint64_t size;
    uint8_t *start;
    void *mapping;
    size_t mapping_size;
};

struct guest_memory {
    unsigned count;
    struct region regions[MAX_REGIONS];
};

// Replaces all regions. Takes none of the descriptors: the caller closes them. False with a message if one cannot be mapped.
bool guest_memory_map(struct guest_memory *memory, const struct region_description *table, unsigned count, const int *fds);

void guest_memory_unmap(struct guest_memory *memory);

// Where the range lies in this process, or NULL unless all of it lies in one region.
void *guest_memory_at(const struct guest_memory *memory, uint64_t guest_address, uint64_t length);

// The same for an address in the VMM's own address space; vhost-user names the rings in that way.
void *guest_memory_at_frontend(const struct guest_memory *memory, uint64_t frontend_address, uint64_t length);

#endif
