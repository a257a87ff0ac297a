package io.vaccel.agent;

import io.vaccel.Reason;
import io.vaccel.VaccelException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * One thing that is bounded: its unit, the default, and what it protects. To bound something new,
 * add a constant here; the command line, {@link Quota} and the error text follow from it.
 */
public enum Limit {
  /** Sessions of all peers. */
  SESSIONS(Unit.COUNT, 1_024, "sessions of all peers together"),
  /** Sessions of one peer. */
  SESSIONS_PER_PEER(Unit.COUNT, 64, "sessions of one peer, so that no guest locks out the others"),
  /** Registered resources. */
  RESOURCES_PER_SESSION(Unit.COUNT, 256, "registered resources of one session"),
  /** Files of all registered resources. */
  FILES_PER_SESSION(Unit.COUNT, 20_000, "files in the registered resources of one session"),
  /** Files of the registered resources of all sessions. */
  FILES(Unit.COUNT, 200_000, "files in the registered resources of all sessions together"),
  /** Loaded models. */
  MODELS_PER_SESSION(Unit.COUNT, 64, "loaded models of one session"),
  /** Size of the loaded models of a session. */
  MODEL_BYTES_PER_SESSION(
      Unit.BYTES, 8L << 30, "size on disk of the models that one session loads"),
  /** Size of all loaded models. */
  MODEL_BYTES(Unit.BYTES, 32L << 30, "size on disk of the models that all sessions load"),
  /** Buffers. */
  BUFFERS_PER_SESSION(Unit.COUNT, 1_024, "buffers of one session, those being sent included"),
  /** Buffer memory of a session. */
  BUFFER_BYTES_PER_SESSION(
      Unit.BYTES,
      Math.min(1L << 30, ofDirectMemory(3, 8)),
      "memory in the buffers of one session, and in the results that its calls work on"),
  /** Buffer memory of the agent. */
  BUFFER_BYTES(
      Unit.BYTES, Math.min(2L << 30, ofDirectMemory(3, 4)), "the same of all sessions together"),
  /** The largest file. */
  CONTENT_BYTES(Unit.BYTES, 8L << 30, "the largest single content that may be uploaded"),
  /** Stored bytes that one peer brought. */
  STORE_BYTES_PER_PEER(
      Unit.BYTES, 16L << 30, "content in the store that one peer brought; its oldest goes first"),
  /** Stored bytes. */
  STORE_BYTES(Unit.BYTES, 32L << 30, "content in the store; the least recently used goes first"),
  /** Stored files. */
  STORE_FILES(
      Unit.COUNT, 65_536, "contents in the store, so that small ones cannot take all inodes"),
  /** Disk that stays free. */
  FREE_DISK_BYTES(Unit.BYTES, 256L << 20, "what an upload must leave free on the store's disk"),
  /** How long a broken upload can be resumed. */
  PARTIAL_AGE(Unit.MILLIS, 24 * 3_600_000L, "how long a broken upload can be continued"),
  /** Calls of one peer. */
  CALLS_PER_PEER(Unit.COUNT, 64, "calls of one peer under way at a time"),
  /** Calls that run. */
  RUNNING_CALLS(Unit.COUNT, 128, "calls that run at a time, a thread each"),
  /** Calls that wait for a thread. */
  WAITING_CALLS(Unit.COUNT, 1_024, "calls that wait for a thread; a further one is refused"),
  /** The lease of a session that asks for none. */
  LEASE(Unit.MILLIS, 60_000, "how long a session outlives its last call if it asks for nothing"),
  /** The longest lease. */
  LEASE_MAX(Unit.MILLIS, 600_000, "the longest lease that is granted: a vanished guest holds on"),
  /** The deadline of calls without one. */
  CALL_TIME(Unit.MILLIS, 300_000, "the deadline of a call whose client sent none"),
  /** The longest deadline. */
  CALL_TIME_MAX(Unit.MILLIS, 3_600_000, "the longest deadline; a running call keeps its session"),
  /** One message. */
  MESSAGE_BYTES(Unit.BYTES, 4L << 20, "one message; larger payloads come as buffers"),
  /** Payload inside a response. */
  INLINE_BYTES(Unit.BYTES, 1L << 20, "payload inside a response; larger results go as buffers"),
  /** One chunk of a stream. */
  CHUNK_BYTES(Unit.BYTES, 1L << 20, "one chunk of an upload or of a buffer that is sent");

  /** What a limit is counted in. */
  public enum Unit {
    /** A number of things. */
    COUNT,
    /** Bytes; written 512K, 64M, 2G. */
    BYTES,
    /** Milliseconds; written 500ms, 90s, 10m, 24h. */
    MILLIS
  }

  private final Unit unit;
  private final long standard;
  private final String meaning;

  /** A part of the JVM's direct memory: as large as the heap, unless it is told otherwise. */
  private static long ofDirectMemory(int numerator, int denominator) {
    return Runtime.getRuntime().maxMemory() / denominator * numerator;
  }

  Limit(Unit unit, long standard, String meaning) {
    this.unit = unit;
    this.standard = standard;
    this.meaning = meaning;
  }

  /** The name on the command line and in errors, for instance {@code sessions-per-peer}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The unit of its values. */
  public Unit unit() {
    return unit;
  }

  /** The value unless the operator says otherwise. */
  public long standard() {
    return standard;
  }

  /** What is bounded, and what for. */
  public String meaning() {
    return meaning;
  }

  /** The limit with this label. */
  public static Optional<Limit> labelled(String label) {
    return Arrays.stream(values()).filter(limit -> limit.label().equals(label)).findFirst();
  }

  /** The error for going over this limit; it names the limit, its value and what was wanted. */
  VaccelException exceeded(long most, long wanted) {
    return new VaccelException(
            Reason.QUOTA_EXCEEDED,
            "limit " + label() + " is " + most + unitSuffix() + ", this would be " + wanted)
        .with("quota", label())
        .with("limit", most)
        .with("amount", wanted);
  }

  private String unitSuffix() {
    return switch (unit) {
      case COUNT -> "";
      case BYTES -> " bytes";
      case MILLIS -> " ms";
    };
  }
}
