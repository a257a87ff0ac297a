#include "vhost_user.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum request {
    GET_FEATURES = 1,
    SET_FEATURES = 2,
    SET_OWNER = 3,
    RESET_OWNER = 4,
    SET_MEM_TABLE = 5,
    SET_VRING_NUM = 8,
    SET_VRING_ADDR = 9,
    SET_VRING_BASE = 10,
    GET_VRING_BASE = 11,
    SET_VRING_KICK = 12,
    SET_VRING_CALL = 13,
    SET_VRING_ERR = 14,
    GET_PROTOCOL_FEATURES = 15,
    SET_PROTOCOL_FEATURES = 16,
    GET_QUEUE_NUM = 17,
    SET_VRING_ENABLE = 18,
    SET_BACKEND_REQ_FD = 21,
    GET_CONFIG = 24,
};

enum { PROTOCOL_VERSION = 1, FLAG_REPLY = 1 << 2, FLAG_NEED_REPLY = 1 << 3 };

static const uint64_t VIRTIO_F_VERSION_1 = 1ull << 32;
static const uint64_t VHOST_USER_F_PROTOCOL_FEATURES = 1ull << 30;

static const uint64_t PROTOCOL_REPLY_ACK = 1ull << 3;
// Linux's virtio_uml gives a device without it no interrupt.
static const uint64_t PROTOCOL_BACKEND_REQUESTS = 1ull << 5;
static const uint64_t PROTOCOL_CONFIG = 1ull << 9;

// In SET_VRING_KICK and SET_VRING_CALL.
static const uint64_t VRING_INDEX_MASK = 0xff;
static const uint64_t VRING_WITHOUT_DESCRIPTOR = 1u << 8;

enum { MAX_CONFIG = 256 };

struct vring_state {
    uint32_t index;
    uint32_t value;
};

struct vring_address {
    uint32_t index;
    uint32_t flags;
    uint64_t descriptors;
    uint64_t used;
    uint64_t available;
    uint64_t log;
};

struct memory_table {
    uint32_t count;
    uint32_t padding;
    struct region_description regions[MAX_REGIONS];
};

struct config {
    uint32_t offset;
    uint32_t size;
    uint32_t flags;
    uint8_t bytes[MAX_CONFIG];
};

struct message_header {
    uint32_t request;
    uint32_t flags;
    uint32_t size;
};

struct message {
    struct message_header header;
    union {
        uint64_t number;
        struct vring_state state;
        struct vring_address address;
        struct memory_table memory;
        struct config config;
    } payload;
    unsigned fd_count;
    int fds[MAX_REGIONS];
};

// How a message was dealt with.
enum outcome { DONE, ANSWERED, STOPPED, INVALID };

// ---- messages --------------------------------------------------------------------------------------------------------------

static bool read_fully(int socket, void *bytes, size_t length) {
    uint8_t *to = bytes;
    while (length > 0) {
        ssize_t got = read(socket, to, length);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            return false;
        }
        to += got;
        length -= got;
    }
    return true;
}

static bool read_message(int socket, struct message *message) {
    union {
        struct cmsghdr aligned;
        char bytes[CMSG_SPACE(sizeof message->fds)];
    } control;
    struct iovec part = {.iov_base = &message->header, .iov_len = sizeof message->header};
    struct msghdr received = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof control.bytes};
    memset(message, 0, sizeof *message);
    ssize_t got = recvmsg(socket, &received, MSG_CMSG_CLOEXEC | MSG_WAITALL);
    struct cmsghdr *attached = got > 0 ? CMSG_FIRSTHDR(&received) : NULL;
    if (attached && attached->cmsg_level == SOL_SOCKET && attached->cmsg_type == SCM_RIGHTS) {
        message->fd_count = (attached->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        memcpy(message->fds, CMSG_DATA(attached), message->fd_count * sizeof(int));
    }
    return got == sizeof message->header && message->header.size <= sizeof message->payload &&
        read_fully(socket, &message->payload, message->header.size);
}

static int take_fd(struct message *message) {
    if (message->fd_count == 0) {
        return -1;
    }
    int fd = message->fds[0];
    message->fds[0] = -1;
    return fd;
}

static void close_if_open(int *fd) {
    if (*fd >= 0) {
        close(*fd);
    }
    *fd = -1;
}

static enum outcome answer(struct vhost_user *session, struct message *message, uint32_t size) {
    message->header.flags = PROTOCOL_VERSION | FLAG_REPLY;
    message->header.size = size;
    struct iovec parts[] = {
        {.iov_base = &message->header, .iov_len = sizeof message->header},
        {.iov_base = &message->payload, .iov_len = size},
    };
    ssize_t expected = (ssize_t)(sizeof message->header + size);
    return writev(session->socket, parts, 2) == expected ? ANSWERED : INVALID;
}

static enum outcome answer_number(struct vhost_user *session, struct message *message, uint64_t number) {
    message->payload.number = number;
    return answer(session, message, sizeof number);
}

// ---- requests --------------------------------------------------------------------------------------------------------------

static bool restart_queues(struct vhost_user *session) {
    for (unsigned i = 0; i < QUEUE_COUNT; i++) {
        struct virtqueue *queue = &session->queues[i];
        if (queue->descriptors && !virtqueue_start(queue, &session->memory)) {
            return false;
        }
    }
    return true;
}

static enum outcome set_memory(struct vhost_user *session, struct message *message) {
    const struct memory_table *table = &message->payload.memory;
    size_t needed = offsetof(struct memory_table, regions) + table->count * sizeof table->regions[0];
    if (table->count > MAX_REGIONS || message->header.size < needed || message->fd_count != table->count) {
        return INVALID;
    }
    bool mapped = guest_memory_map(&session->memory, table->regions, table->count, message->fds);
    return mapped && restart_queues(session) ? DONE : INVALID;
}

static enum outcome set_size(struct virtqueue *queue, uint32_t size) {
    bool power_of_two = size > 0 && (size & (size - 1)) == 0;
    if (!power_of_two || size > MAX_QUEUE_SIZE) {
        return INVALID;
    }
    // The rings that were checked were of another size.
    virtqueue_stop(queue);
    queue->size = size;
    return DONE;
}

static enum outcome set_address(struct vhost_user *session, struct virtqueue *queue, const struct vring_address *address) {
    queue->descriptors_address = address->descriptors;
    queue->available_address = address->available;
    queue->used_address = address->used;
    return queue->size > 0 && virtqueue_start(queue, &session->memory) ? DONE : INVALID;
}

static enum outcome stop_queue(struct vhost_user *session, struct virtqueue *queue, struct message *message) {
    virtqueue_stop(queue);
    close_if_open(&queue->kick);
    message->payload.state.value = queue->next_available;
    return answer(session, message, sizeof message->payload.state) == ANSWERED ? STOPPED : INVALID;
}

static enum outcome set_event_fd(struct vhost_user *session, struct message *message) {
    uint64_t number = message->payload.number;
    uint64_t index = number & VRING_INDEX_MASK;
    if (index >= QUEUE_COUNT) {
        return INVALID;
    }
    struct virtqueue *queue = &session->queues[index];
    int *fd = message->header.request == SET_VRING_KICK ? &queue->kick : &queue->call;
    close_if_open(fd);
    if (!(number & VRING_WITHOUT_DESCRIPTOR)) {
        *fd = take_fd(message);
        fcntl(*fd, F_SETFL, O_NONBLOCK);
    }
    return DONE;
}

static enum outcome get_config(struct vhost_user *session, struct message *message) {
    struct config *config = &message->payload.config;
    uint8_t space[MAX_CONFIG] = {0};
    memcpy(space, &session->guest_cid, sizeof session->guest_cid);
    if (config->offset > MAX_CONFIG || config->size > MAX_CONFIG - config->offset) {
        return INVALID;
    }
    memcpy(config->bytes, space + config->offset, config->size);
    return answer(session, message, offsetof(struct config, bytes) + config->size);
}

static enum outcome handle_for_queue(struct vhost_user *session, struct message *message) {
    uint32_t index = message->payload.state.index;
    if (index >= QUEUE_COUNT) {
        return INVALID;
    }
    struct virtqueue *queue = &session->queues[index];
    uint32_t value = message->payload.state.value;
    switch (message->header.request) {
    case SET_VRING_NUM:
        return set_size(queue, value);
    case SET_VRING_ADDR:
        return set_address(session, queue, &message->payload.address);
    case SET_VRING_BASE:
        queue->next_available = (uint16_t)value;
        return DONE;
    case SET_VRING_ENABLE:
        queue->enabled = value != 0;
        return DONE;
    default:
        return stop_queue(session, queue, message);
    }
}

static enum outcome handle(struct vhost_user *session, struct message *message) {
    switch (message->header.request) {
    case GET_FEATURES:
        return answer_number(session, message, VIRTIO_F_VERSION_1 | VHOST_USER_F_PROTOCOL_FEATURES);
    case GET_PROTOCOL_FEATURES:
        return answer_number(session, message, PROTOCOL_REPLY_ACK | PROTOCOL_BACKEND_REQUESTS | PROTOCOL_CONFIG);
    case GET_QUEUE_NUM:
        return answer_number(session, message, QUEUE_COUNT);
    case SET_MEM_TABLE:
        return set_memory(session, message);
    case SET_VRING_NUM:
    case SET_VRING_ADDR:
    case SET_VRING_BASE:
    case GET_VRING_BASE:
    case SET_VRING_ENABLE:
        return handle_for_queue(session, message);
    case SET_VRING_KICK:
    case SET_VRING_CALL:
        return set_event_fd(session, message);
    case SET_BACKEND_REQ_FD:
        close_if_open(&session->request_socket);
        session->request_socket = take_fd(message);
        return DONE;
    case GET_CONFIG:
        return get_config(session, message);
    case SET_FEATURES:
    case SET_PROTOCOL_FEATURES:
    case SET_OWNER:
    case RESET_OWNER:
    case SET_VRING_ERR:
        return DONE;
    default:
        fprintf(stderr, "hybrid-vsock: the VMM asks for what was not offered: request %u\n", message->header.request);
        return DONE;
    }
}

void vhost_user_init(struct vhost_user *session, int socket, uint64_t guest_cid) {
    *session = (struct vhost_user){.socket = socket, .guest_cid = guest_cid, .request_socket = -1};
    for (unsigned i = 0; i < QUEUE_COUNT; i++) {
        // Not every VMM sends SET_VRING_ENABLE, although the protocol wants it.
        session->queues[i] = (struct virtqueue){.enabled = true, .kick = -1, .call = -1};
    }
}

enum vhost_user_event vhost_user_handle(struct vhost_user *session) {
    struct message message;
    bool complete = read_message(session->socket, &message);
    // Linux's virtio_uml asks for a reply from the very message on that negotiates replies.
    bool wants_reply = message.header.flags & FLAG_NEED_REPLY;
    uint32_t request = message.header.request;
    enum outcome outcome = complete ? handle(session, &message) : INVALID;
    for (unsigned i = 0; i < message.fd_count; i++) {
        close_if_open(&message.fds[i]);
    }
    if (!complete) {
        return VHOST_USER_DISCONNECTED;
    }
    if (outcome == DONE && wants_reply) {
        outcome = answer_number(session, &message, 0);
    }
    if (outcome == INVALID) {
        fprintf(stderr, "hybrid-vsock: request %u of the VMM cannot be followed\n", request);
        return VHOST_USER_BROKEN;
    }
    return outcome == STOPPED ? VHOST_USER_DEVICE_STOPPED : VHOST_USER_NOTHING;
}
