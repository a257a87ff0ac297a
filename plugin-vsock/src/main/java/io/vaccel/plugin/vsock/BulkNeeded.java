package io.vaccel.plugin.vsock;

/**
 * Ends an encoding or decoding that must not block, when it comes to bytes that travel beside the
 * message. Never leaves {@link Exchange}.
 */
final class BulkNeeded extends RuntimeException {
  private static final long serialVersionUID = 1L;

  BulkNeeded() {
    super("bytes travel beside the message", null, false, false);
  }
}
