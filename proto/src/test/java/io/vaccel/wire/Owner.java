package io.vaccel.wire;

import io.vaccel.CallOptions;
import io.vaccel.ExecutedOn;
import io.vaccel.LoadedModel;
import io.vaccel.Model;
import io.vaccel.ModelFormat;
import io.vaccel.ModelSpec;
import io.vaccel.Operation;
import io.vaccel.Operations;
import io.vaccel.RegisteredResource;
import io.vaccel.Resource;
import io.vaccel.ResourceKind;
import io.vaccel.Result;
import io.vaccel.Session;
import io.vaccel.Signature;
import io.vaccel.Vaccel;
import io.vaccel.spi.Call;
import io.vaccel.spi.Capabilities;
import io.vaccel.spi.Plugin;
import io.vaccel.spi.PluginSession;
import io.vaccel.spi.SessionContext;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;

/** A session with a model and a library, for messages that name them. */
final class Owner implements AutoCloseable {
  private final Vaccel vaccel = Vaccel.builder().plugin(new Loader()).load();
  private final Session session = vaccel.openSession();
  private final Model model =
      session.load(
          new ModelSpec(file(ResourceKind.MODEL), ModelFormat.ONNX), CallOptions.defaults());
  private final RegisteredResource functions = session.register(file(ResourceKind.LIBRARY));

  Model model() {
    return model;
  }

  RegisteredResource functions() {
    return functions;
  }

  @Override
  public void close() {
    vaccel.close();
  }

  private static Resource file(ResourceKind kind) {
    return Resource.ofBytes(kind, "file", ByteBuffer.allocate(1));
  }

  /** Takes all models and does nothing with them. */
  private static final class Loader implements Plugin, PluginSession {
    @Override
    public String name() {
      return "loader";
    }

    @Override
    public Capabilities capabilities() {
      return Capabilities.of("CPU", Operations.MODEL_RUN).withFormats(Set.of(ModelFormat.values()));
    }

    @Override
    public PluginSession openSession(SessionContext context) {
      return this;
    }

    @Override
    public LoadedModel load(Model loading, ModelSpec spec, Call call) {
      return new LoadedModel(
          new Signature(List.of(), List.of()), ExecutedOn.here(name(), "CPU"), 0);
    }

    @Override
    public void unload(Model loaded) {}

    @Override
    public <I, O extends Result> O perform(Operation<I, O> operation, I input, Call call) {
      throw new UnsupportedOperationException(operation.name());
    }

    @Override
    public void close() {}
  }
}
