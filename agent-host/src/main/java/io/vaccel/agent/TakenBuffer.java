package io.vaccel.agent;

import java.nio.ByteBuffer;

/**
 * A buffer that a request has taken out of its session; it still counts against the quota until it
 * is given back.
 *
 * @param id the id that it had
 * @param data its bytes, position 0
 */
record TakenBuffer(String id, ByteBuffer data) {}
