package io.vaccel.interop;

import io.vaccel.CallOptions;
import io.vaccel.Model;
import io.vaccel.ModelSpec;
import io.vaccel.Operation;
import io.vaccel.Operations;
import io.vaccel.Session;
import io.vaccel.contract.ExecLibraries;
import io.vaccel.contract.OpenClDriver;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * One call that is made twice, at the host and from a guest, and must come out the same; all of
 * them are {@link FaithfulCases#all}.
 *
 * @param operation the name of the operation, or {@link #LOAD}
 * @param what tells it from the others of this operation
 * @param good whether it succeeds
 * @param call makes the call in a session of its own; what it returns is compared bit for bit
 */
record FaithfulCase(String operation, String what, boolean good, Function<Session, Object> call) {
  /** The loading of a model, which is no {@link Operation}. */
  static final String LOAD = "model.load";

  /** A call that succeeds. */
  static FaithfulCase good(Operation<?, ?> operation, String what, Function<Session, Object> call) {
    return new FaithfulCase(operation.name(), what, true, call);
  }

  /** A call that is refused or fails. */
  static FaithfulCase bad(Operation<?, ?> operation, String what, Function<Session, Object> call) {
    return new FaithfulCase(operation.name(), what, false, call);
  }

  /** A call with a model, which it loads first. */
  static FaithfulCase withModel(
      String operation,
      String what,
      boolean good,
      ModelSpec spec,
      BiFunction<Session, Model, Object> call) {
    return new FaithfulCase(
        operation,
        what,
        good,
        session -> {
          try (Model model = session.load(spec, CallOptions.defaults())) {
            return call.apply(session, model);
          }
        });
  }

  /** Reports the test as not run, and why, where this machine lacks what the call needs. */
  void assumeReady() {
    if (operation.startsWith("exec")) {
      ExecLibraries.compiled();
    }
    if (operation.equals(Operations.OPENCL_RUN.name())) {
      OpenClDriver.assumeInstalled();
    }
  }

  /** Unique among all cases. */
  @Override
  public String toString() {
    return operation + ": " + what;
  }
}
