#include "hostile.h"

#include <poll.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fake_guest.h"

void broken_rings_end_the_backend(void) {
    const uint64_t good = MEMORY_ADDRESS + MEMORY_SIZE / 2;
    const uint64_t end = MEMORY_ADDRESS + MEMORY_SIZE;
    const struct {
        const char *what;
        uint16_t head;
        struct descriptor descriptor;
    } cases[] = {
        {"before the memory", 0, {MEMORY_ADDRESS - 1, 64, 0, 0}},
        {"beyond the memory", 0, {end - 63, 64, 0, 0}},
        {"an address that wraps around", 0, {UINT64_MAX - 10, 64, 0, 0}},
        {"a length that wraps around", 0, {good, UINT32_MAX, 0, 0}},
        {"shorter than a header", 0, {good, 43, 0, 0}},
        {"a length in the header beyond the buffer", 0, {good, 44 + 9, 0, 0}},
        {"a chain without end", 0, {good, 64, NEXT, 0}},
        {"a chain out of the table", 0, {good, 64, NEXT, RING_SIZE}},
        {"a head out of the table", RING_SIZE, {good, 64, 0, 0}},
        {"indirect descriptors", 0, {good, 64, INDIRECT, 0}},
        {"a buffer of the wrong direction", 0, {good, 64, DEVICE_WRITES, 0}},
    };
    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct fake_guest guest = boot(NULL, NULL);
        struct packet_header header = packet_of(OP_RW, HOST_PORT, 10);
        memcpy(at(&guest, good), &header, sizeof header);
        guest.transmit.descriptors[0] = cases[i].descriptor;
        // Behind the table lies what would pass for a descriptor.
        guest.transmit.descriptors[RING_SIZE] = (struct descriptor){.address = good, .length = 64};
        offer_chain(&guest.transmit, cases[i].head);
        int status = wait_for_backend(&guest);
        if (status != 1) {
            fprintf(stderr, "%s: status %d\n", cases[i].what, status);
            exit(1);
        }
    }
}

void index_beyond_the_ring_ends_the_backend(void) {
    struct fake_guest guest = boot(NULL, NULL);
    guest.transmit.descriptors[0] = (struct descriptor){.address = MEMORY_ADDRESS + MEMORY_SIZE / 2, .length = 64};
    guest.transmit.available->index = RING_SIZE;
    offer_chain(&guest.transmit, 0);
    CHECK(wait_for_backend(&guest) == 1);
}

void small_or_foreign_receive_buffers_end_the_backend(void) {
    const struct descriptor bad[] = {
        {MEMORY_ADDRESS, 43, DEVICE_WRITES, 0},
        {MEMORY_ADDRESS, BUFFER_SIZE, 0, 0},
        {MEMORY_ADDRESS + MEMORY_SIZE, BUFFER_SIZE, DEVICE_WRITES, 0},
    };
    for (unsigned i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct fake_guest guest = start_guest(NULL, NULL);
        guest.receive.descriptors[0] = bad[i];
        offer_chain(&guest.receive, 0);
        CHECK(wait_for_backend(&guest) == 1);
    }
}

// A number that looks random and is the same in every run.
static uint64_t next_random(uint64_t *state) {
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return *state >> 33;
}

// Descriptors and headers that are mostly plausible: nonsense alone would end at the first check.
void random_rings_do_no_harm(void) {
    for (uint64_t seed = 1; seed <= 60; seed++) {
        uint64_t state = seed;
        struct fake_guest guest = boot(NULL, NULL);
        int listener = host_listener("v.sock_2048");
        bool running = true;
        for (int round = 0; round < 300 && running; round++) {
            struct packet_header header = packet_of(1 + next_random(&state) % 8, HOST_PORT + next_random(&state) % 2, 0);
            header.len = next_random(&state) % 300;
            header.flags = (uint32_t)next_random(&state);
            header.src_port = next_random(&state) % 4;
            header.buf_alloc = (uint32_t)next_random(&state);
            header.fwd_cnt = (uint32_t)next_random(&state);
            uint64_t address = MEMORY_ADDRESS + MEMORY_SIZE / 2;
            memcpy(at(&guest, address), &header, sizeof header);
            uint16_t head = next_random(&state) % RING_SIZE;
            uint32_t length = 300 + sizeof header;
            bool odd = next_random(&state) % 100 == 0;
            guest.transmit.descriptors[head] = (struct descriptor){.address = odd ? next_random(&state) << 12 : address,
                .length = length,
                .flags = odd ? next_random(&state) & 7 : 0,
                .next = (uint16_t)next_random(&state)};
            offer_chain(&guest.transmit, head);
            // Not in step: sometimes several are waiting, and the guest changes what the backend may be reading.
            if (next_random(&state) % 4 == 0) {
                struct pollfd ends = {.fd = guest.vmm, .events = POLLIN};
                running = poll(&ends, 1, 1) == 0;
            }
        }
        close(listener);
        shutdown(guest.vmm, SHUT_RDWR);
        int status = wait_for_backend(&guest);
        CHECK(status == 0 || status == 1);
    }
}
