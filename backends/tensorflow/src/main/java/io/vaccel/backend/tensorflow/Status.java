package io.vaccel.backend.tensorflow;

import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeleteStatus;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_GetCode;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_Message;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_NewStatus;

import io.vaccel.Reason;
import io.vaccel.VaccelException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tensorflow.internal.c_api.TF_Status;

/** Where TensorFlow's calls say what came of them; for one thread. */
final class Status implements AutoCloseable {
  /** TensorFlow's code for a time that has passed. */
  static final int DEADLINE_EXCEEDED = 4;

  private static final Logger LOG = LoggerFactory.getLogger(Status.class);
  private static final int MAX_LENGTH = 300;

  private final TF_Status status = TF_NewStatus();

  TF_Status handle() {
    return status;
  }

  int code() {
    return TF_GetCode(status);
  }

  boolean isOk() {
    return code() == 0;
  }

  /**
   * Returns when the last call went well.
   *
   * @throws VaccelException with what TensorFlow said, after {@code what}
   */
  void require(Reason reason, String what) {
    if (!isOk()) {
      throw new VaccelException(reason, what + text());
    }
  }

  /** What it said, after a colon: in one line, without paths of the host. */
  private String text() {
    String said = TF_Message(status).getString();
    LOG.debug("TensorFlow: {}", said);
    String line =
        said.lines()
            .findFirst()
            .orElse("")
            .replaceAll("(?<![\\w.}])/\\S*", "?")
            .replaceAll("[^ -~]", "?")
            .strip();
    String cut = line.length() <= MAX_LENGTH ? line : line.substring(0, MAX_LENGTH) + "...";
    return cut.isEmpty() ? "" : ": " + cut;
  }

  @Override
  public void close() {
    TF_DeleteStatus(status);
  }
}
