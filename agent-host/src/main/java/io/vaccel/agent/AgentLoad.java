package io.vaccel.agent;

/**
 * What guests take of an agent at one moment.
 *
 * @param sessions sessions that hold something
 * @param peers peers that have a session or a call
 * @param calls calls under way
 * @param bufferBytes memory in buffers
 * @param storeBytes content on disk, incomplete uploads included
 */
public record AgentLoad(long sessions, int peers, int calls, long bufferBytes, long storeBytes) {}
