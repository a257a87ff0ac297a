package io.vaccel.plugin.vsock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vaccel.ModelFormat;
import io.vaccel.ModelSpec;
import io.vaccel.Resource;
import io.vaccel.ResourceKind;
import io.vaccel.Settings;
import io.vaccel.Vaccel;
import io.vaccel.VaccelException;
import io.vaccel.spi.Plugin;
import io.vaccel.transport.Endpoint;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** What the tests of the plugin have in common. */
final class Guests {
  private Guests() {}

  /** A runtime whose only plugin is this one. */
  static Vaccel at(Endpoint endpoint, String... settings) {
    return Vaccel.builder().plugin(plugin(endpoint, settings)).load();
  }

  /** The plugin with settings as name, value, name, value. */
  static Plugin plugin(Endpoint endpoint, String... settings) {
    Map<String, String> values = new HashMap<>();
    values.put(Settings.RPC_ADDRESS, endpoint.toString());
    for (int i = 0; i < settings.length; i += 2) {
      values.put(settings[i], settings[i + 1]);
    }
    return new VsockPluginProvider().create(new Settings(values));
  }

  /** A model of so many bytes that a fake agent takes; another seed makes another one. */
  static ModelSpec model(int bytes, long seed) {
    byte[] content = new byte[bytes];
    new Random(seed).nextBytes(content);
    content[0] = 'M';
    return new ModelSpec(
        Resource.ofBytes(ResourceKind.MODEL, "net.onnx", ByteBuffer.wrap(content)),
        ModelFormat.ONNX);
  }

  static VaccelException failureOf(ThrowingCallable work) {
    VaccelException failure = catchThrowableOfType(VaccelException.class, work);
    assertThat(failure).as("a failure").isNotNull();
    assertThat(failure.getMessage()).doesNotContain("\n", "Exception", "io.grpc", "io.netty");
    return failure;
  }

  static VaccelException failureOf(CompletableFuture<?> future) {
    try {
      throw new AssertionError("succeeded with " + future.get(30, TimeUnit.SECONDS));
    } catch (ExecutionException e) {
      return failureOf(
          () -> {
            throw e.getCause();
          });
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError("no answer", e);
    }
  }

  /** Waits for what another thread does, at most half a minute. */
  static <T> T await(CompletableFuture<T> future) {
    try {
      return future.get(30, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new AssertionError("did not happen", e);
    }
  }
}
