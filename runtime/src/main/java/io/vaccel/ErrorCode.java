package io.vaccel;

/**
 * The closed set of error classes, each with the meaning of the gRPC status of the same name.
 *
 * <p>Every {@link Reason} belongs to exactly one code, so a caller may react to the class (retry on
 * {@link #UNAVAILABLE}) without knowing every reason.
 */
public enum ErrorCode {
  /** An argument is wrong whatever the state of the system; sending it again will fail again. */
  INVALID_ARGUMENT,
  /** The named thing does not exist, or is not the caller's. */
  NOT_FOUND,
  /** The system is not in the state that the call needs. */
  FAILED_PRECONDITION,
  /** A limit is reached; the message names the limit and the amount. */
  RESOURCE_EXHAUSTED,
  /** The caller may not do this. */
  PERMISSION_DENIED,
  /** No plugin can do this. */
  UNIMPLEMENTED,
  /** The other side cannot be reached now; the call may be tried again. */
  UNAVAILABLE,
  /** The call's deadline passed. */
  DEADLINE_EXCEEDED,
  /** The caller cancelled the call. */
  CANCELLED,
  /** A defect of this software or of an engine below it. */
  INTERNAL
}
