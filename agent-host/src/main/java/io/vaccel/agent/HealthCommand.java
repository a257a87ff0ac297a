package io.vaccel.agent;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.vaccel.Settings;
import io.vaccel.transport.Channels;
import io.vaccel.transport.Endpoint;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code vaccel-agent health}: asks a running agent through the standard gRPC health service, for
 * those who watch it without a gRPC client: containers, scripts.
 */
@Command(
    name = "health",
    description = "Asks a running agent whether it serves.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:it serves", "1:it does not, or nobody answers", "2:wrong usage"})
final class HealthCommand implements Callable<Integer> {
  private static final int NOT_SERVING = 1;

  @Parameters(
      paramLabel = "ENDPOINT",
      description = "A listener of the agent, for instance unix:/run/vaccel/admin.sock.")
  private Endpoint endpoint;

  @Option(
      names = "--timeout-seconds",
      paramLabel = "N",
      defaultValue = "5",
      description = "How long to wait for the answer (default: ${DEFAULT-VALUE}).")
  private int timeoutSeconds;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    // Its answer is all that it has to say.
    Logging.configure(Optional.of(LogLevel.ERROR), Settings.ofEnvironment());
    ManagedChannel channel = open();
    try {
      ServingStatus status =
          HealthGrpc.newBlockingStub(channel)
              .withDeadlineAfter(timeoutSeconds, TimeUnit.SECONDS)
              .check(HealthCheckRequest.getDefaultInstance())
              .getStatus();
      spec.commandLine().getOut().println(status);
      return status == ServingStatus.SERVING ? 0 : NOT_SERVING;
    } catch (StatusRuntimeException e) {
      spec.commandLine()
          .getErr()
          .println("vaccel-agent: health at " + endpoint + ": " + e.getStatus().getDescription());
      return NOT_SERVING;
    } finally {
      channel.shutdownNow();
    }
  }

  private ManagedChannel open() {
    if (timeoutSeconds < 1) {
      throw new ParameterException(spec.commandLine(), "--timeout-seconds must be at least 1");
    }
    try {
      return Channels.open(endpoint);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }
}
