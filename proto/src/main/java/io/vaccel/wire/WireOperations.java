package io.vaccel.wire;

import io.vaccel.Operation;
import io.vaccel.Reason;
import io.vaccel.Result;
import io.vaccel.VaccelException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The table of all operations that travel, made of one table for each service: with them the one
 * place of {@code proto} that a new operation touches.
 */
public final class WireOperations {
  private static final List<WireOperation<?, ?, ?, ?>> ALL =
      Stream.of(
              GenericWire.ALL,
              ModelWire.ALL,
              ImageWire.ALL,
              BlasWire.ALL,
              ArrayWire.ALL,
              OpenClWire.ALL,
              OpenCvWire.ALL,
              ProfilingWire.ALL,
              ExecWire.ALL)
          .flatMap(List::stream)
          .toList();

  private static final Map<Operation<?, ?>, WireOperation<?, ?, ?, ?>> BY_OPERATION =
      ALL.stream().collect(Collectors.toMap(WireOperation::operation, Function.identity()));

  private WireOperations() {}

  /** All of them. */
  public static List<WireOperation<?, ?, ?, ?>> all() {
    return ALL;
  }

  /**
   * How this operation travels.
   *
   * @throws VaccelException {@link Reason#NO_PLUGIN} when it does not
   */
  // Each entry's types agree with its key's: the table is made so above.
  @SuppressWarnings("unchecked")
  public static <I, O extends Result> WireOperation<I, O, ?, ?> of(Operation<I, O> operation) {
    return Optional.ofNullable((WireOperation<I, O, ?, ?>) BY_OPERATION.get(operation))
        .orElseThrow(
            () ->
                new VaccelException(
                    Reason.NO_PLUGIN, operation + " does not travel in this version"));
  }
}
