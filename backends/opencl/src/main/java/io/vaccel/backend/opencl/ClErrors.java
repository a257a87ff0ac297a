package io.vaccel.backend.opencl;

import io.vaccel.KernelArgument;
import io.vaccel.Reason;
import io.vaccel.VaccelException;
import java.util.regex.Pattern;
import org.jocl.CL;
import org.jocl.CLException;

/** Turns the driver's failures into ours; nothing that they say of this machine's files is kept. */
final class ClErrors {
  /** A path before a line number, and any other absolute path. */
  private static final Pattern PATHS = Pattern.compile("(?:/[^\\s:'\"]+)+");

  private static final int MAX_LOG = 900;

  private ClErrors() {}

  static VaccelException of(String step, CLException failure) {
    return switch (failure.getStatus()) {
      case CL.CL_INVALID_WORK_GROUP_SIZE, CL.CL_INVALID_WORK_ITEM_SIZE ->
          refused("local_size", "is not what the kernel or the device takes", failure);
      case CL.CL_INVALID_GLOBAL_WORK_SIZE, CL.CL_INVALID_WORK_DIMENSION ->
          refused("global_size", "is not what the device takes", failure);
      case CL.CL_INVALID_KERNEL_NAME ->
          refused("kernel", "is not the name of a kernel in the source", failure);
      case CL.CL_MEM_OBJECT_ALLOCATION_FAILURE,
          CL.CL_OUT_OF_HOST_MEMORY,
          CL.CL_OUT_OF_RESOURCES,
          CL.CL_INVALID_BUFFER_SIZE ->
          new VaccelException(
              Reason.QUOTA_EXCEEDED, "the device has no memory for this call", failure);
      default ->
          new VaccelException(
              Reason.ENGINE_FAILED,
              step + " failed: " + CL.stringFor_errorCode(failure.getStatus()),
              failure);
    };
  }

  static VaccelException ofArgument(int index, KernelArgument argument, CLException failure) {
    return failure.getStatus() == CL.CL_INVALID_ARG_SIZE
            || failure.getStatus() == CL.CL_INVALID_ARG_VALUE
        ? refused(
            "arguments[" + index + "]",
            "of " + argument.bytes() + " bytes is not of the parameter's size",
            failure)
        : of("passing arguments[" + index + "]", failure);
  }

  /** The compiler's own words, without paths. */
  static VaccelException notCompiled(String log, CLException failure) {
    String shown = PATHS.matcher(log).replaceAll("kernel.cl").strip();
    if (shown.length() > MAX_LOG) {
      shown = shown.substring(0, MAX_LOG) + "...";
    }
    return refused("source", "does not compile: " + shown, failure);
  }

  private static VaccelException refused(String field, String problem, CLException cause) {
    return new VaccelException(Reason.ARGUMENT_INVALID, field + " " + problem, cause)
        .with("field", field);
  }
}
