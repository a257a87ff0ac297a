#include <stddef.h>

int times_three(int value);

struct arg {
    void *buf;
    size_t size;
    unsigned type, custom_type_id;
    unsigned char owned;
};

int work(struct arg *read, size_t nr_read, struct arg *write, size_t nr_write) {
    *(int *)write[0].buf = times_three(*(int *)read[0].buf);
    return 0;
}
