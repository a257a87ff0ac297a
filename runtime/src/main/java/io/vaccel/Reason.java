package io.vaccel;

/**
 * Why a call failed: one stable name per case, the same on both sides of the wire ({@code
 * ErrorInfo.reason} of PROTOCOL.md).
 *
 * <p>Names are never renamed or reused; new ones may be added, so a client must be ready for an
 * unknown name and then go by the {@link ErrorCode}.
 */
public enum Reason {
  /** A field of the request is missing, out of range or contradicts another. */
  ARGUMENT_INVALID(ErrorCode.INVALID_ARGUMENT),
  /** A tensor's type, shape and bytes do not fit together, or not the model. */
  TENSOR_INVALID(ErrorCode.INVALID_ARGUMENT),
  /** A resource or file name is absolute, climbs out, is too long or has forbidden characters. */
  NAME_INVALID(ErrorCode.INVALID_ARGUMENT),
  /** The bytes are no image of a supported kind, or the image is damaged or truncated. */
  IMAGE_UNREADABLE(ErrorCode.INVALID_ARGUMENT),
  /** The file is empty, damaged or of another format than claimed. */
  MODEL_UNREADABLE(ErrorCode.INVALID_ARGUMENT),
  /** The file is no shared library for this machine, or needs others that are not there. */
  LIBRARY_UNREADABLE(ErrorCode.INVALID_ARGUMENT),
  /** The model loads but does not fit the operation: task, input shape, element type or labels. */
  MODEL_MISMATCH(ErrorCode.INVALID_ARGUMENT),
  /** The uploaded bytes do not have the announced SHA-256 or size. */
  CONTENT_MISMATCH(ErrorCode.INVALID_ARGUMENT),
  /** No such session, or it belongs to another peer, or its lease ended. */
  SESSION_NOT_FOUND(ErrorCode.NOT_FOUND),
  /** No such resource in this session. */
  RESOURCE_NOT_FOUND(ErrorCode.NOT_FOUND),
  /** No such model in this session. */
  MODEL_NOT_FOUND(ErrorCode.NOT_FOUND),
  /** No such buffer in this session, or it was consumed already. */
  BUFFER_NOT_FOUND(ErrorCode.NOT_FOUND),
  /** The library has no function of this name. */
  FUNCTION_NOT_FOUND(ErrorCode.NOT_FOUND),
  /** A file that the caller named does not exist on the caller's side. */
  FILE_NOT_FOUND(ErrorCode.NOT_FOUND),
  /** The session, model or runtime object was closed before. */
  CLOSED(ErrorCode.FAILED_PRECONDITION),
  /** The agent does not hold the content with this digest: upload it first. */
  CONTENT_MISSING(ErrorCode.FAILED_PRECONDITION),
  /** The upload does not continue where the agent's copy ends; the message says where that is. */
  OFFSET_MISMATCH(ErrorCode.FAILED_PRECONDITION),
  /** A buffer is named before all its bytes have arrived. */
  BUFFER_INCOMPLETE(ErrorCode.FAILED_PRECONDITION),
  /** A quota of the peer or of the agent is used up. */
  QUOTA_EXCEEDED(ErrorCode.RESOURCE_EXHAUSTED),
  /** The image has more pixels, or more bytes, than the limit. */
  IMAGE_TOO_LARGE(ErrorCode.RESOURCE_EXHAUSTED),
  /** One message is larger than the limit. */
  MESSAGE_TOO_LARGE(ErrorCode.RESOURCE_EXHAUSTED),
  /** Policy forbids it. */
  NOT_ALLOWED(ErrorCode.PERMISSION_DENIED),
  /** No usable plugin offers the operation. */
  NO_PLUGIN(ErrorCode.UNIMPLEMENTED),
  /** Nobody answers at the endpoint. */
  AGENT_UNREACHABLE(ErrorCode.UNAVAILABLE),
  /** The connection broke while the call was under way. */
  CONNECTION_LOST(ErrorCode.UNAVAILABLE),
  /** The agent is draining and takes no new work. */
  AGENT_STOPPING(ErrorCode.UNAVAILABLE),
  /** The deadline passed before the result was there. */
  DEADLINE_EXCEEDED(ErrorCode.DEADLINE_EXCEEDED),
  /** The caller cancelled. */
  CANCELLED(ErrorCode.CANCELLED),
  /** The engine refused or failed at work that was well formed. */
  ENGINE_FAILED(ErrorCode.INTERNAL),
  /** A defect of this software. */
  INTERNAL(ErrorCode.INTERNAL);

  private final ErrorCode code;

  Reason(ErrorCode code) {
    this.code = code;
  }

  /** The class of error that this reason belongs to. */
  public ErrorCode code() {
    return code;
  }
}
