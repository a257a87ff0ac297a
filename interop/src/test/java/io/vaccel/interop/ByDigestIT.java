package io.vaccel.interop;

import static io.vaccel.contract.PluginContract.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.vaccel.Argument;
import io.vaccel.ArgumentType;
import io.vaccel.CallOptions;
import io.vaccel.Digest;
import io.vaccel.FunctionCall;
import io.vaccel.Model;
import io.vaccel.ModelSpec;
import io.vaccel.Reason;
import io.vaccel.RegisteredResource;
import io.vaccel.Resource;
import io.vaccel.ResourceFile;
import io.vaccel.ResourceKind;
import io.vaccel.Session;
import io.vaccel.Shape;
import io.vaccel.Tensor;
import io.vaccel.Vaccel;
import io.vaccel.VaccelException;
import io.vaccel.contract.ExecLibraries;
import io.vaccel.contract.TinyModels;
import io.vaccel.transport.Endpoint;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an agent holds already is used by its digest alone, by a guest that has no byte of it. */
final class ByDigestIT {
  @TempDir private Path directory;

  private RunningAgent agent;

  @BeforeEach
  void startAgent() {
    agent =
        RunningAgent.start(
            directory, endpoint().toString(), EveryPlugin.execOptions().toArray(String[]::new));
  }

  @AfterEach
  void stopAgent() {
    assertThat(agent.stop()).isZero();
  }

  private Endpoint endpoint() {
    return new Endpoint.Unix(directory.resolve("a.sock").toString());
  }

  @Test
  void model_isLoadedByItsDigest_onceSomebodyHasSentIt() {
    ModelSpec whole = TinyModels.spec(TinyModels.sumAndDifference());
    ModelSpec known = new ModelSpec(byDigest(whole.resource()), whole.format());
    VaccelException before = failureOf(() -> uploadedBytes(known));
    assertThat(before.reason()).isEqualTo(Reason.CONTENT_MISSING);
    assertThat(before).hasMessageContaining("model.load at " + endpoint());
    assertThat(before).hasMessageContaining("'tiny.onnx'");
    assertThat(before.details()).containsEntry("digest", whole.resource().main().digest().hex());
    assertThat(uploadedBytes(whole)).isEqualTo(whole.resource().sizeBytes());
    assertThat(uploadedBytes(known)).isZero();
  }

  @Test
  void library_isCalledByItsDigest_onceSomebodyHasSentIt() {
    ExecLibraries libraries = ExecLibraries.compiled();
    Resource whole =
        Resource.ofFiles(ResourceKind.LIBRARY, libraries.dependency(), libraries.dependent());
    Resource known = byDigest(whole);
    assertThat(failureOf(() -> work(known)).reason()).isEqualTo(Reason.CONTENT_MISSING);
    assertThat(work(whole)).isEqualTo(42);
    assertThat(work(known)).isEqualTo(42);
  }

  @Test
  void digestOfNothing_isRefused() {
    Digest nothing = new Digest("0".repeat(64));
    Resource resource = Resource.ofDigest(ResourceKind.MODEL, "net.onnx", nothing);
    ModelSpec spec = new ModelSpec(resource, TinyModels.spec(TinyModels.counting()).format());
    VaccelException failure = failureOf(() -> uploadedBytes(spec));
    assertThat(failure.reason()).isEqualTo(Reason.CONTENT_MISSING);
    assertThat(failure).hasMessageContaining("'net.onnx'");
  }

  private static Resource byDigest(Resource whole) {
    return new Resource(
        whole.kind(),
        whole.files().stream()
            .map(file -> ResourceFile.ofDigest(file.name(), file.digest()))
            .toList());
  }

  /** A guest that waits for an agent which has just started. */
  static Vaccel.Builder guest(Endpoint endpoint) {
    // Before it answers, the agent tries whether libraries can be isolated; the machine may be
    // busy.
    return RemoteContract.guest(endpoint);
  }

  private long uploadedBytes(ModelSpec spec) {
    return uploadedBytes(guest(endpoint()), spec);
  }

  /** Loads and runs the model of a sum and a difference in a guest of its own. */
  static long uploadedBytes(Vaccel.Builder builder, ModelSpec spec) {
    try (Vaccel guest = builder.load();
        Session session = guest.openSession();
        Model model = session.load(spec, CallOptions.defaults())) {
      Tensor a = Tensor.ofFloats("a", Shape.of(1, 2), 5, 7);
      assertThat(session.run(model, List.of(a, a.named("b"))).tensors().get(0).floats())
          .containsExactly(10, 14);
      return model.loaded().uploadedBytes();
    }
  }

  /** Calls the library in a guest of its own. */
  private int work(Resource library) {
    FunctionCall call =
        FunctionCall.of(
            "work", List.of(Argument.ofInt32(14)), List.of(Argument.room(ArgumentType.INT32, 4)));
    try (Vaccel guest = guest(endpoint()).load();
        Session session = guest.openSession();
        RegisteredResource resource = session.register(library)) {
      return session.exec(resource, call).arguments().get(0).data().getInt();
    }
  }
}
