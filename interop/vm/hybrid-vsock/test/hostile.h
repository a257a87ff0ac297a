// What a hostile guest may try: the backend must end, or carry on, but touch nothing outside of the guest's memory.
#ifndef HOSTILE_H
#define HOSTILE_H

void broken_rings_end_the_backend(void);
void index_beyond_the_ring_ends_the_backend(void);
void small_or_foreign_receive_buffers_end_the_backend(void);
void random_rings_do_no_harm(void);

#endif
