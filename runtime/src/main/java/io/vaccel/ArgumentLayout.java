package io.vaccel;

/** How a library expects its arguments in memory: vAccel has two layouts on 64-bit machines. */
public enum ArgumentLayout {
  /**
   * {@code {void *buf; size_t size; uint32_t type; uint32_t custom_type_id; bool owned;}}, 32
   * bytes: libraries made for vAccel's current headers.
   */
  CURRENT,
  /**
   * {@code {uint32_t type; uint32_t size; void *buf;}}, 16 bytes: libraries made for older ones.
   */
  COMPACT
}
