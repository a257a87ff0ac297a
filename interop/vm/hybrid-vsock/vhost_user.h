// The back-end's side of the vhost-user protocol: https://qemu-project.gitlab.io/qemu/interop/vhost-user.html
// Through it the VMM hands over the guest's memory and queues. The VMM is trusted to be the operator's; the guest is not.
#ifndef VHOST_USER_H
#define VHOST_USER_H

#include <stdbool.h>
#include <stdint.h>

#include "guest_memory.h"
#include "virtqueue.h"

// The virtio-vsock device's queues. Nothing is ever sent on the event queue: it tells of a live migration.
enum { RECEIVE_QUEUE, TRANSMIT_QUEUE, EVENT_QUEUE, QUEUE_COUNT };

struct vhost_user {
    int socket;
    uint64_t guest_cid;
    // The VMM takes requests on it. We have none, but it must stay open.
    int request_socket;
    struct guest_memory memory;
    struct virtqueue queues[QUEUE_COUNT];
};

enum vhost_user_event { VHOST_USER_NOTHING, VHOST_USER_DEVICE_STOPPED, VHOST_USER_DISCONNECTED, VHOST_USER_BROKEN };

void vhost_user_init(struct vhost_user *session, int socket, uint64_t guest_cid);

// Reads one message and acts on it.
enum vhost_user_event vhost_user_handle(struct vhost_user *session);

#endif
