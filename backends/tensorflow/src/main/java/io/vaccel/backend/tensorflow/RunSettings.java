package io.vaccel.backend.tensorflow;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.vaccel.ModelRun;
import io.vaccel.VaccelException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.tensorflow.proto.RunOptions;

/**
 * The options of a run: those of {@code tensorflow.RunOptions} that have a meaning for one who only
 * sees the outputs.
 *
 * @param given what the caller wants
 */
record RunSettings(RunOptions given) {
  /** None. */
  static final RunSettings NONE = new RunSettings(RunOptions.getDefaultInstance());

  /**
   * Reads serialised options.
   *
   * @throws VaccelException {@link io.vaccel.Reason#ARGUMENT_INVALID} when they are none, or some
   *     that cannot be had: traces and graphs are not returned, and debugging writes where it is
   *     told to
   */
  static RunSettings parse(ByteBuffer bytes) {
    RunOptions options;
    try {
      options = RunOptions.parseFrom(ByteString.copyFrom(bytes));
    } catch (InvalidProtocolBufferException e) {
      throw ModelRun.badOptions("are no serialised tensorflow.RunOptions");
    }
    RunOptions taken =
        RunOptions.newBuilder()
            .setTimeoutInMs(options.getTimeoutInMs())
            .setReportTensorAllocationsUponOom(options.getReportTensorAllocationsUponOom())
            .build();
    if (!options.equals(taken) || options.getTimeoutInMs() < 0) {
      throw ModelRun.badOptions(
          "can set only timeout_in_ms and report_tensor_allocations_upon_oom here, of"
              + " tensorflow.RunOptions");
    }
    return new RunSettings(taken);
  }

  /** As TensorFlow takes them, with no more time than there is. */
  byte[] within(Duration remaining) {
    long most = Math.max(1, remaining.toMillis());
    long wanted = given.getTimeoutInMs();
    return given.toBuilder()
        .setTimeoutInMs(wanted == 0 ? most : Math.min(wanted, most))
        .build()
        .toByteArray();
  }
}
