#include "fake_guest.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

// Not from address 0, nor from the file's start, nor at the same place everywhere: so that mixing them up fails.
static const uint64_t FRONTEND_ADDRESS = 0x7f0000000000;
static const uint64_t FILE_OFFSET = 8192;

// Each queue has its rings in a page of its own; the buffers follow.
enum { RING_PAGES = 3 * 4096, AVAILABLE_OFFSET = 2048, USED_OFFSET = 3072 };

// What the sanitizers exit with, as fake_guest asks them to.
enum { SANITIZER_STATUS = 99 };

const char *backend_program;

void *at(struct fake_guest *guest, uint64_t address) {
    return guest->memory + (address - MEMORY_ADDRESS);
}

static uint64_t receive_buffer(uint16_t slot) {
    return MEMORY_ADDRESS + RING_PAGES + (uint64_t)slot * BUFFER_SIZE;
}

static uint64_t transmit_buffer(void) {
    return receive_buffer(RING_SIZE);
}

// ---- the VMM ---------------------------------------------------------------------------------------------------------------

static void tell(struct fake_guest *guest, uint32_t request, const void *payload, uint32_t size, int fd) {
    uint32_t header[3] = {request, 1, size};
    struct iovec parts[] = {{header, sizeof header}, {(void *)payload, size}};
    union {
        struct cmsghdr aligned;
        char bytes[CMSG_SPACE(sizeof(int))];
    } control;
    struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};
    if (fd >= 0) {
        message.msg_control = control.bytes;
        message.msg_controllen = sizeof control.bytes;
        control.aligned =
            (struct cmsghdr){.cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS, .cmsg_len = CMSG_LEN(sizeof(int))};
        memcpy(CMSG_DATA(&control.aligned), &fd, sizeof fd);
    }
    CHECK(sendmsg(guest->vmm, &message, 0) == (ssize_t)(sizeof header + size));
}

static void share_memory(struct fake_guest *guest) {
    int file = memfd_create("guest", MFD_CLOEXEC);
    CHECK(ftruncate(file, FILE_OFFSET + MEMORY_SIZE) == 0);
    guest->memory = mmap(NULL, MEMORY_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, file, FILE_OFFSET);
    CHECK(guest->memory != MAP_FAILED);
    struct {
        uint32_t count;
        uint32_t padding;
        uint64_t region[4];
    } table = {1, 0, {MEMORY_ADDRESS, MEMORY_SIZE, FRONTEND_ADDRESS, FILE_OFFSET}};
    tell(guest, 5, &table, sizeof table, file);
    close(file);
}

static void set_up_queue(struct fake_guest *guest, struct fake_queue *queue, uint32_t index) {
    uint64_t offset = index * 4096;
    queue->descriptors = (struct descriptor *)(guest->memory + offset);
    queue->available = (struct available_ring *)(guest->memory + offset + AVAILABLE_OFFSET);
    queue->used = (struct used_ring *)(guest->memory + offset + USED_OFFSET);
    queue->seen = 0;
    queue->kick = eventfd(0, EFD_CLOEXEC);
    queue->call = eventfd(0, EFD_CLOEXEC);
    uint32_t size[2] = {index, RING_SIZE};
    tell(guest, 8, size, sizeof size, -1);
    uint32_t base[2] = {index, 0};
    tell(guest, 10, base, sizeof base, -1);
    struct {
        uint32_t index;
        uint32_t flags;
        uint64_t descriptors;
        uint64_t used;
        uint64_t available;
        uint64_t log;
    } address = {index, 0, FRONTEND_ADDRESS + offset, FRONTEND_ADDRESS + offset + USED_OFFSET,
        FRONTEND_ADDRESS + offset + AVAILABLE_OFFSET, 0};
    tell(guest, 9, &address, sizeof address, -1);
    uint64_t number = index;
    tell(guest, 13, &number, sizeof number, queue->call);
    tell(guest, 12, &number, sizeof number, queue->kick);
    uint32_t enable[2] = {index, 1};
    tell(guest, 18, enable, sizeof enable, -1);
}

static void connect_to_backend(struct fake_guest *guest) {
    struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "vhost-user"};
    for (int waited = 0; waited < WAIT_MS; waited += 5) {
        guest->vmm = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (connect(guest->vmm, (struct sockaddr *)&address, sizeof address) == 0) {
            return;
        }
        close(guest->vmm);
        nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
    }
    CHECK(!"the backend listens");
}

struct fake_guest start_guest(const char *option, const char *value) {
    struct fake_guest guest = {0};
    unlink("vhost-user");
    guest.backend = fork();
    CHECK(guest.backend >= 0);
    if (guest.backend == 0) {
        // Its messages are for a person; here most of them are expected.
        CHECK(freopen("backend.log", "w", stderr));
        setenv("ASAN_OPTIONS", "exitcode=99", 1);
        setenv("UBSAN_OPTIONS", "exitcode=99", 1);
        execl(backend_program, backend_program, "--socket", "vhost-user", "--guest-cid", "3", "--uds-path", "v.sock", option, value, NULL);
        _exit(127);
    }
    connect_to_backend(&guest);
    share_memory(&guest);
    set_up_queue(&guest, &guest.receive, 0);
    set_up_queue(&guest, &guest.transmit, 1);
    set_up_queue(&guest, &guest.event, 2);
    return guest;
}

static void let_go(struct fake_guest *guest) {
    struct fake_queue *queues[] = {&guest->receive, &guest->transmit, &guest->event};
    for (unsigned i = 0; i < 3; i++) {
        close(queues[i]->kick);
        close(queues[i]->call);
    }
    munmap(guest->memory, MEMORY_SIZE);
}

int wait_for_backend(struct fake_guest *guest) {
    int status;
    CHECK(waitpid(guest->backend, &status, 0) == guest->backend);
    if (!WIFEXITED(status) || WEXITSTATUS(status) == SANITIZER_STATUS) {
        CHECK(system("cat backend.log >&2") == 0);
    }
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) != SANITIZER_STATUS);
    close(guest->vmm);
    let_go(guest);
    return WEXITSTATUS(status);
}

void stop_guest(struct fake_guest *guest) {
    shutdown(guest->vmm, SHUT_RDWR);
    CHECK(wait_for_backend(guest) == 0);
}

// ---- the driver ------------------------------------------------------------------------------------------------------------

void offer_chain(struct fake_queue *queue, uint16_t head) {
    uint16_t index = queue->available->index;
    queue->available->entries[index % RING_SIZE] = head;
    __atomic_store_n(&queue->available->index, index + 1, __ATOMIC_SEQ_CST);
    uint64_t one = 1;
    CHECK(write(queue->kick, &one, sizeof one) == sizeof one);
}

static void wait_for_used(struct fake_queue *queue) {
    while (__atomic_load_n(&queue->used->index, __ATOMIC_SEQ_CST) == queue->seen) {
        struct pollfd call = {.fd = queue->call, .events = POLLIN};
        CHECK(poll(&call, 1, WAIT_MS) == 1);
        uint64_t count;
        CHECK(read(queue->call, &count, sizeof count) == sizeof count);
    }
}

void offer_buffers(struct fake_guest *guest) {
    for (uint16_t slot = 0; slot < RING_SIZE; slot++) {
        guest->receive.descriptors[slot] =
            (struct descriptor){.address = receive_buffer(slot), .length = BUFFER_SIZE, .flags = DEVICE_WRITES};
        offer_chain(&guest->receive, slot);
    }
}

void send_packet(struct fake_guest *guest, struct packet_header header, const char *payload) {
    uint8_t *buffer = at(guest, transmit_buffer());
    memcpy(buffer, &header, sizeof header);
    memcpy(buffer + sizeof header, payload, header.len);
    // Cut within the header: where the parts of a chain end means nothing.
    guest->transmit.descriptors[5] =
        (struct descriptor){.address = transmit_buffer(), .length = 10, .flags = NEXT, .next = 9};
    guest->transmit.descriptors[9] =
        (struct descriptor){.address = transmit_buffer() + 10, .length = sizeof header - 10 + header.len};
    offer_chain(&guest->transmit, 5);
    wait_for_used(&guest->transmit);
    guest->transmit.seen++;
}

struct packet receive_packet(struct fake_guest *guest) {
    struct fake_queue *queue = &guest->receive;
    wait_for_used(queue);
    uint32_t head = queue->used->entries[queue->seen % RING_SIZE].head;
    uint32_t written = queue->used->entries[queue->seen % RING_SIZE].written;
    queue->seen++;
    CHECK(head < RING_SIZE && written >= sizeof(struct packet_header) && written <= BUFFER_SIZE);
    struct packet packet;
    memcpy(&packet, at(guest, receive_buffer((uint16_t)head)), written);
    CHECK(packet.header.len == written - sizeof packet.header);
    CHECK(packet.header.src_cid == HOST_CID && packet.header.dst_cid == GUEST_CID);
    offer_chain(queue, (uint16_t)head);
    return packet;
}

struct fake_guest boot(const char *option, const char *value) {
    struct fake_guest guest = start_guest(option, value);
    offer_buffers(&guest);
    return guest;
}

struct packet_header packet_of(enum packet_op op, uint32_t host_port, uint32_t length) {
    return (struct packet_header){.src_cid = GUEST_CID,
        .dst_cid = HOST_CID,
        .src_port = GUEST_PORT,
        .dst_port = host_port,
        .len = length,
        .type = PACKET_STREAM,
        .op = (uint16_t)op,
        .buf_alloc = PLENTY};
}

// ---- the host's side -------------------------------------------------------------------------------------------------------

int host_socket(const char *path, int (*act)(int, const struct sockaddr *, socklen_t)) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    strcpy(address.sun_path, path);
    int socket_ = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct timeval patience = {.tv_sec = WAIT_MS / 1000};
    setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    CHECK(act(socket_, (struct sockaddr *)&address, sizeof address) == 0);
    return socket_;
}

int host_listener(const char *path) {
    unlink(path);
    int listener = host_socket(path, bind);
    CHECK(listen(listener, 10) == 0);
    return listener;
}
