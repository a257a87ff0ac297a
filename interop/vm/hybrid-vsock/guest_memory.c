#include "guest_memory.h"

#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>

static bool map_region(struct region *region, const struct region_description *description, int fd) {
    uint64_t end;
    if (__builtin_add_overflow(description->file_offset, description->size, &end)) {
        fprintf(stderr, "hybrid-vsock: a memory region wraps around\n");
        return false;
    }
    struct stat file;
    if (fstat(fd, &file) != 0 || (uint64_t)file.st_size < end) {
        // Pages beyond the end of the file would raise SIGBUS when touched.
        fprintf(stderr, "hybrid-vsock: a memory region is larger than its file\n");
        return false;
    }
    // From the file's start: huge pages would not allow an arbitrary offset.
    void *mapping = mmap(NULL, end, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (mapping == MAP_FAILED) {
        perror("hybrid-vsock: mapping the guest's memory");
        return false;
    }
    *region = (struct region){
        .guest_address = description->guest_address,
        .frontend_address = description->frontend_address,
        .size = description->size,
        .start = (uint8_t *)mapping + description->file_offset,
        .mapping = mapping,
        .mapping_size = end,
    };
    return true;
}

bool guest_memory_map(struct guest_memory *memory, const struct region_description *table, unsigned count, const int *fds) {
    guest_memory_unmap(memory);
    for (unsigned i = 0; i < count; i++) {
        if (!map_region(&memory->regions[i], &table[i], fds[i])) {
            return false;
        }
        memory->count++;
    }
    return true;
}

void guest_memory_unmap(struct guest_memory *memory) {
    for (unsigned i = 0; i < memory->count; i++) {
        munmap(memory->regions[i].mapping, memory->regions[i].mapping_size);
    }
    memory->count = 0;
}

// Written so that no sum of hostile numbers can wrap around.
static bool contains(uint64_t base, uint64_t size, uint64_t address, uint64_t length) {
    return address >= base && address - base <= size && length <= size - (address - base);
}

void *guest_memory_at(const struct guest_memory *memory, uint64_t guest_address, uint64_t length) {
    for (unsigned i = 0; i < memory->count; i++) {
        const struct region *region = &memory->regions[i];
        if (contains(region->guest_address, region->size, guest_address, length)) {
            return region->start + (guest_address - region->guest_address);
        }
    }
    return NULL;
}

void *guest_memory_at_frontend(const struct guest_memory *memory, uint64_t frontend_address, uint64_t length) {
    for (unsigned i = 0; i < memory->count; i++) {
        const struct region *region = &memory->regions[i];
        if (contains(region->frontend_address, region->size, frontend_address, length)) {
            return region->start + (frontend_address - region->frontend_address);
        }
    }
    return NULL;
}
