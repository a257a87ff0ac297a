package io.vaccel.backend.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.RunOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stops one run of a model; safe for use by several threads.
 *
 * <p>The engine frees its options when they are closed, and a caller may cancel at that very
 * moment, so both are done under one lock.
 */
final class RunSwitch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RunSwitch.class);

  private final RunOptions options;
  private boolean closed;

  RunSwitch() throws OrtException {
    options = new RunOptions();
  }

  RunOptions options() {
    return options;
  }

  /** Makes the run end before its next operator. */
  synchronized void stop() {
    if (!closed) {
      try {
        options.setTerminate(true);
      } catch (OrtException e) {
        LOG.warn("ONNX Runtime cannot be told to stop", e);
      }
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    options.close();
  }
}
