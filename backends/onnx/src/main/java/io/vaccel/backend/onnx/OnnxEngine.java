package io.vaccel.backend.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtProvider;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import io.vaccel.ModelFormat;
import io.vaccel.ModelSpec;
import io.vaccel.Reason;
import io.vaccel.ResourceFile;
import io.vaccel.Settings;
import io.vaccel.VaccelException;
import io.vaccel.backend.engine.Engine;
import io.vaccel.backend.engine.EngineSettings;
import io.vaccel.backend.engine.ModelContent;
import io.vaccel.backend.engine.NativeDirectory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * ONNX Runtime in this process: finds out on which device it can work and loads models there; safe
 * for use by several threads.
 */
final class OnnxEngine implements Engine {
  private static final Logger LOG = LoggerFactory.getLogger(OnnxEngine.class);

  private final OrtEnvironment environment;
  private final EngineSettings settings;
  private final Target target;
  private final Path noExternalData;
  private final UnsignedInputs unsigned = new UnsignedInputs(this::session);
  private final StringTensors strings;

  /** Where models are run, the first usable one being taken. */
  private enum Target {
    TENSORRT(OrtProvider.TENSOR_RT, "CUDA:0") {
      @Override
      void addTo(SessionOptions options) throws OrtException {
        // What TensorRT cannot do goes to CUDA.
        options.addTensorrt(0);
        options.addCUDA(0);
      }
    },
    CUDA(OrtProvider.CUDA, "CUDA:0") {
      @Override
      void addTo(SessionOptions options) throws OrtException {
        options.addCUDA(0);
      }
    },
    CPU(OrtProvider.CPU, "CPU") {
      @Override
      void addTo(SessionOptions options) {}
    };

    private final OrtProvider provider;
    private final String device;

    Target(OrtProvider provider, String device) {
      this.provider = provider;
      this.device = device;
    }

    abstract void addTo(SessionOptions options) throws OrtException;
  }

  private OnnxEngine(
      OrtEnvironment environment, EngineSettings settings, Target target, Path empty) {
    this.environment = environment;
    this.settings = settings;
    this.target = target;
    this.noExternalData = empty;
    this.strings = new StringTensors(environment, this::session);
  }

  /** Loads the native library and looks for the best device. */
  static OnnxEngine start(Settings all, EngineSettings settings) {
    try {
      NativeLibrary.unpack(all);
      NativeDirectory.useForJna(all);
      OrtEnvironment environment = FirstTouch.environment();
      NativeLibrary.removeTemporary();
      environment.setTelemetry(false);
      Path empty = Files.createTempDirectory(NativeDirectory.of(all, "onnx-external"), "empty-");
      for (Target target : Target.values()) {
        OnnxEngine engine = new OnnxEngine(environment, settings, target, empty);
        if (engine.works()) {
          return engine;
        }
      }
    } catch (OrtException e) {
      LOG.warn("ONNX Runtime cannot be told to report nothing", e);
    } catch (IOException e) {
      LOG.warn("ONNX Runtime has no place for its native library", e);
    }
    throw new VaccelException(Reason.ENGINE_FAILED, "ONNX Runtime works on no device here");
  }

  @Override
  public Set<ModelFormat> formats() {
    return Set.of(ModelFormat.ONNX);
  }

  @Override
  public String device() {
    return target.device;
  }

  @Override
  public Map<String, String> details() {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("engine", "ONNX Runtime " + environment.getVersion());
    facts.put("providers", String.join(", ", providers()));
    facts.put("threads", Integer.toString(settings.threads()));
    return facts;
  }

  /** The engine's names of what it uses, in order of preference. */
  private List<String> providers() {
    List<String> names = new ArrayList<>();
    for (Target each : EnumSet.range(target, Target.CPU)) {
      if (OrtEnvironment.getAvailableProviders().contains(each.provider)) {
        names.add(each.provider.getName());
      }
    }
    return names;
  }

  @Override
  public OnnxModel load(ModelSpec spec) {
    ResourceFile file = spec.resource().main();
    try {
      return OnnxModel.of(this, session(ModelContent.direct(file)), file.name());
    } catch (OrtException e) {
      LOG.debug("ONNX Runtime does not take {}: {}", file, e.getMessage());
      throw EngineMessage.ofLoading(file.name(), e);
    }
  }

  OrtEnvironment environment() {
    return environment;
  }

  UnsignedInputs unsigned() {
    return unsigned;
  }

  StringTensors strings() {
    return strings;
  }

  @Override
  public EngineSettings settings() {
    return settings;
  }

  @Override
  public void close() {
    // The environment is the process's, and stays.
    try {
      unsigned.close();
      strings.close();
    } catch (OrtException e) {
      LOG.warn("ONNX Runtime cannot close its own models", e);
    }
    try {
      Files.deleteIfExists(noExternalData);
    } catch (IOException e) {
      LOG.warn("cannot remove {}", noExternalData, e);
    }
  }

  private boolean works() {
    if (!OrtEnvironment.getAvailableProviders().contains(target.provider)) {
      return false;
    }
    try (OrtSession session = session(Probe.model())) {
      if (Probe.works(environment, session)) {
        return true;
      }
      LOG.warn("ONNX Runtime cannot use {}: it miscalculates there", target);
      return false;
    } catch (OrtException e) {
      // The GPU library lists its providers whether or not there is a GPU; only trying tells.
      LOG.info("ONNX Runtime cannot use {}: {}", target, e.getMessage());
      return false;
    }
  }

  private OrtSession session(ByteBuffer model) throws OrtException {
    try (SessionOptions options = new SessionOptions()) {
      target.addTo(options);
      options.setIntraOpNumThreads(settings.threads());
      // Spinning threads steal the processors from other models and other guests.
      options.addConfigEntry("session.intra_op.allow_spinning", "0");
      // Without this, external data of a model from memory is read relative to the working
      // directory, "../" included (seen with 1.29.0): a guest could read the host's files.
      options.addConfigEntry(
          "session.model_external_initializers_file_folder_path", noExternalData.toString());
      // Models and inputs are the guests', so errors about them are theirs to see and no news for
      // the host's log.
      options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
      return environment.createSession(model, options);
    }
  }
}
