package io.vaccel.backend.exec;

import io.vaccel.Argument;
import io.vaccel.Digest;
import io.vaccel.Exec;
import io.vaccel.ExecWithResource;
import io.vaccel.ExecutedOn;
import io.vaccel.FunctionCall;
import io.vaccel.LoadedModel;
import io.vaccel.Model;
import io.vaccel.ModelSpec;
import io.vaccel.Operation;
import io.vaccel.Reason;
import io.vaccel.ResourceFile;
import io.vaccel.Result;
import io.vaccel.Stage;
import io.vaccel.VaccelException;
import io.vaccel.spi.Call;
import io.vaccel.spi.PluginSession;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** One owner's part of {@link ExecPlugin}; holds nothing between calls. */
final class ExecSession implements PluginSession {
  private final ExecSettings settings;
  private final Processes processes;

  ExecSession(ExecSettings settings, Processes processes) {
    this.settings = settings;
    this.processes = processes;
  }

  @Override
  public LoadedModel load(Model model, ModelSpec spec, Call call) {
    throw new VaccelException(Reason.NO_PLUGIN, "plugin exec takes no models");
  }

  @Override
  public void unload(Model model) {}

  @Override
  public <I, O extends Result> O perform(Operation<I, O> operation, I input, Call call) {
    if (input instanceof Exec exec) {
      List<ResourceFile> files = named(exec.name());
      return operation.resultType().cast(call("library", files, exec.function(), call));
    }
    if (input instanceof ExecWithResource exec) {
      List<ResourceFile> files = exec.resource().content().files();
      files.forEach(this::requireAllowed);
      return operation.resultType().cast(call("resource_id", files, exec.function(), call));
    }
    throw new VaccelException(Reason.NO_PLUGIN, "plugin exec does not offer " + operation);
  }

  @Override
  public void close() {}

  private Exec.Written call(
      String field, List<ResourceFile> libraries, FunctionCall function, Call call) {
    long start = System.nanoTime();
    List<Argument> written;
    try {
      written = processes.call(libraries, function, call);
    } catch (VaccelException e) {
      throw e.about(field);
    }
    Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
    ExecutedOn here =
        ExecutedOn.here(ExecProvider.NAME, ExecPlugin.DEVICE, new Stage("process", elapsed));
    return new Exec.Written(written, here);
  }

  private List<ResourceFile> named(String name) {
    AllowedLibrary library =
        settings.libraries().stream()
            .filter(allowed -> allowed.name().equals(name) && allowed.path().isPresent())
            .findFirst()
            .orElseThrow(
                () ->
                    new VaccelException(
                        Reason.NOT_ALLOWED, "no library '" + name + "' is allowed here"));
    Path path = library.path().orElseThrow();
    return List.of(ResourceFile.verified(name, path, ResourceFile.UNKNOWN_SIZE, library.digest()));
  }

  private void requireAllowed(ResourceFile file) {
    Digest digest = file.digest();
    if (settings.libraries().stream().noneMatch(allowed -> allowed.digest().equals(digest))) {
      throw new VaccelException(
          Reason.NOT_ALLOWED,
          "library '" + file.name() + "' with SHA-256 " + digest + " is not allowed here");
    }
  }
}
