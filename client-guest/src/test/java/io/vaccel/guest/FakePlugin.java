package io.vaccel.guest;

import io.vaccel.Classification;
import io.vaccel.Classify;
import io.vaccel.Echo;
import io.vaccel.ExecutedOn;
import io.vaccel.FloatMatrix;
import io.vaccel.ImageInput;
import io.vaccel.LoadedModel;
import io.vaccel.Model;
import io.vaccel.ModelFormat;
import io.vaccel.ModelSpec;
import io.vaccel.Noop;
import io.vaccel.Operation;
import io.vaccel.Operations;
import io.vaccel.Reason;
import io.vaccel.Result;
import io.vaccel.Sgemm;
import io.vaccel.Signature;
import io.vaccel.Stage;
import io.vaccel.VaccelException;
import io.vaccel.spi.Availability;
import io.vaccel.spi.Call;
import io.vaccel.spi.Capabilities;
import io.vaccel.spi.Plugin;
import io.vaccel.spi.PluginSession;
import io.vaccel.spi.SessionContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A classifier that knows pictures by their bytes, as if at an agent or here. */
final class FakePlugin implements Plugin {
  static final String AGENT = "vsock:2:2048";

  private final String name;
  private final boolean remote;
  final List<String> journal = new ArrayList<>();
  Capabilities capabilities;
  long uploadedBytes;

  private FakePlugin(String name, boolean remote) {
    this.name = name;
    this.remote = remote;
    this.capabilities =
        new Capabilities(
            Availability.usable(),
            Set.copyOf(Operations.all()),
            Set.of(ModelFormat.ONNX),
            "CPU",
            Map.of());
  }

  /** Stands for the plugin that forwards to an agent. */
  static FakePlugin remote() {
    FakePlugin plugin = new FakePlugin("vsock", true);
    plugin.capabilities =
        plugin
            .capabilities
            .with("endpoint", AGENT)
            .with("agent version", "0.1.0")
            .with("seen by the agent as", "CID 3")
            .with("plugin onnx", "CPU, ONNX Runtime 1.29.0");
    return plugin;
  }

  /** Stands for an engine in this process. */
  static FakePlugin local() {
    return new FakePlugin("onnx", false);
  }

  /** The same with no other operations than these. */
  FakePlugin offering(Operation<?, ?>... operations) {
    capabilities =
        new Capabilities(
            capabilities.availability(),
            Set.of(operations),
            capabilities.formats(),
            capabilities.device(),
            capabilities.details());
    return this;
  }

  FakePlugin unusable(Reason error, String reason) {
    capabilities =
        new Capabilities(
            new Availability.Unusable(reason, error), Set.of(), Set.of(), "", Map.of());
    return this;
  }

  FakePlugin uploading(long bytes) {
    uploadedBytes = bytes;
    return this;
  }

  /** The same, able to multiply matrices. */
  FakePlugin multiplying() {
    capabilities =
        new Capabilities(
            capabilities.availability(),
            Set.of(Operations.NOOP, Operations.BLAS_SGEMM),
            Set.of(),
            "CPU",
            Map.of());
    return this;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String place() {
    return remote ? AGENT : "plugin " + name;
  }

  @Override
  public Capabilities capabilities() {
    return capabilities;
  }

  @Override
  public PluginSession openSession(SessionContext context) {
    return new FakeSession();
  }

  @Override
  public void close() {
    journal.add("close");
  }

  private ExecutedOn at(Stage... stages) {
    ExecutedOn here = ExecutedOn.here("onnx", "CPU", stages);
    return remote ? here.via(AGENT) : here;
  }

  private static float[] product(Sgemm input) {
    int n = (int) input.n();
    int k = (int) input.k();
    float[] a = input.a().floats();
    float[] b = input.b().floats();
    float[] old = input.c().floats();
    float[] c = new float[(int) input.m() * n];
    for (int i = 0; i < c.length; i++) {
      c[i] = old.length == 0 ? 0 : input.beta() * old[i];
      for (int j = 0; j < k; j++) {
        c[i] += a[i / n * k + j] * b[j * n + i % n];
      }
    }
    return c;
  }

  private static Stage stage(String stageName, long micros) {
    return new Stage(stageName, Duration.ofNanos(micros * 1000));
  }

  private final class FakeSession implements PluginSession {
    @Override
    public LoadedModel load(Model model, ModelSpec spec, Call call) {
      journal.add("load " + spec.resource().main().name());
      long size = spec.resource().sizeBytes();
      call.progress().moved(spec.resource().main().name(), 0, size);
      if (new String(spec.resource().main().readAll(1000), java.nio.charset.StandardCharsets.UTF_8)
          .startsWith("bad")) {
        throw new VaccelException(Reason.MODEL_UNREADABLE, "this is no ONNX file");
      }
      call.progress().moved(spec.resource().main().name(), size, size);
      Stage load = stage("load", 400_000);
      ExecutedOn at = remote ? at(stage("upload", 120_000), load) : at(load);
      return new LoadedModel(new Signature(List.of(), List.of()), at, uploadedBytes);
    }

    @Override
    public void unload(Model model) {
      journal.add("unload");
    }

    @Override
    public <I, O extends Result> O perform(Operation<I, O> operation, I input, Call call) {
      if (input instanceof Classify classify) {
        journal.add("classify");
        byte first = classify.image().data().get();
        List<Classification.Label> labels =
            switch (first) {
              case 'c' ->
                  List.of(
                      new Classification.Label(967, "espresso", 0.9464f),
                      new Classification.Label(504, "coffee mug", 0.0312f),
                      new Classification.Label(968, "cup", 0.0004f));
              case 'g' ->
                  throw new VaccelException(Reason.AGENT_UNREACHABLE, "nobody listens there");
              case 'x' -> List.of(new Classification.Label(285, "Egyptian cat", Float.NaN));
              default ->
                  throw new VaccelException(Reason.IMAGE_UNREADABLE, "no JPEG, PNG or BMP file");
            };
        return operation
            .resultType()
            .cast(
                new Classification(
                    labels.subList(0, Math.min(classify.top(), labels.size())),
                    at(stage("decode", 5_100), stage("inference", 12_000))));
      }
      if (input instanceof Sgemm sgemm) {
        return operation
            .resultType()
            .cast(new Sgemm.Product(FloatMatrix.of(sgemm.n(), product(sgemm)), at()));
      }
      if (input instanceof ImageInput picture) {
        journal.add(operation.name());
        if (picture.image().data().get() != 'c') {
          throw new VaccelException(Reason.IMAGE_UNREADABLE, "no JPEG, PNG or BMP file");
        }
        return operation.resultType().cast(FakeFindings.of(picture, at(stage("decode", 5_100))));
      }
      if (input instanceof Echo echo) {
        return operation.resultType().cast(new Echo.Reply(echo.tensors(), at()));
      }
      return operation.resultType().cast(new Noop.Done(at()));
    }

    @Override
    public void close() {
      journal.add("end");
    }
  }
}
