package io.vaccel.agent;

/**
 * How much of one content the store holds, as one peer may know it.
 *
 * @param complete whether all of it is there and verified
 * @param receivedBytes bytes that are there; an upload continues at this offset
 */
record ContentStatus(boolean complete, long receivedBytes) {
  static final ContentStatus MISSING = new ContentStatus(false, 0);
}
