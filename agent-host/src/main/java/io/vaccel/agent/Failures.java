package io.vaccel.agent;

import io.grpc.StatusRuntimeException;
import io.vaccel.Reason;
import io.vaccel.VaccelException;
import io.vaccel.wire.WireErrors;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns whatever a call threw into what the guest is told: the one place where that happens.
 *
 * <p>A {@link VaccelException} is meant for the guest, but an engine below it may have put a file
 * name of this host into its text: known directories are cut out. Anything else is a defect: it is
 * logged under an incident number, and the number is all that the guest learns.
 */
final class Failures {
  private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

  private final LogThrottle throttle = new LogThrottle(LOG, "unexpected failures");
  private final Pattern hostPaths;

  /**
   * @param directories directories of this host whose names must not get out
   */
  Failures(List<Path> directories) {
    Stream<String> known =
        Stream.of("java.io.tmpdir", "user.home", "user.dir", "java.home").map(System::getProperty);
    String alternatives =
        Stream.concat(directories.stream().map(Path::toString), known)
            .filter(directory -> directory != null && directory.length() > 1)
            .sorted((a, b) -> b.length() - a.length())
            .map(Pattern::quote)
            .collect(Collectors.joining("|"));
    hostPaths = Pattern.compile("(?:" + alternatives + ")(?:/[^\\s'\",:;)]*)?");
  }

  /** The status for a failed call of {@code method}. */
  StatusRuntimeException toStatus(Throwable failure, String method) {
    if (failure instanceof VaccelException known) {
      return WireErrors.toStatus(withoutHostPaths(known));
    }
    String incident = RandomId.next().substring(0, 12);
    if (throttle.allows()) {
      LOG.error("call failed unexpectedly method={} incident={}", method, incident, failure);
    }
    return WireErrors.toStatus(
        new VaccelException(Reason.INTERNAL, "internal error, incident " + incident)
            .with("incident", incident));
  }

  private VaccelException withoutHostPaths(VaccelException error) {
    String text = hostPaths.matcher(error.text()).replaceAll("(a file of the agent)");
    if (text.equals(error.text())) {
      return error;
    }
    VaccelException clean = new VaccelException(error.reason(), text);
    for (var detail : error.details().entrySet()) {
      Optional<String> value =
          Optional.of(detail.getValue()).filter(shown -> !hostPaths.matcher(shown).find());
      clean = value.isPresent() ? clean.with(detail.getKey(), value.get()) : clean;
    }
    return clean;
  }
}
