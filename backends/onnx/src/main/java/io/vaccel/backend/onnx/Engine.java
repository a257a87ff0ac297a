package io.vaccel.backend.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtProvider;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import io.vaccel.Reason;
import io.vaccel.ResourceFile;
import io.vaccel.VaccelException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * ONNX Runtime in this process: finds out on which device it can work and loads models there; safe
 * for use by several threads.
 */
final class Engine implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Engine.class);

  /** A model that returns its input, one float: the cheapest thing to try a device with. */
  private static final byte[] PROBE =
      HexFormat.of()
          .parseHex(
              "0808120c76616363656c20746573747342040a0010113a42120570726f62655a0f0a0178120a0a08"
                  + "080112040a0208010a170a01781201791a056e6f64653022084964656e74697479620f0a0179"
                  + "120a0a08080112040a020801");

  private final OrtEnvironment environment;
  private final OnnxSettings settings;
  private final Target target;
  private final Path noExternalData;

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

  private Engine(OrtEnvironment environment, OnnxSettings settings, Target target, Path empty) {
    this.environment = environment;
    this.settings = settings;
    this.target = target;
    this.noExternalData = empty;
  }

  /** Loads the native library and looks for the best device. */
  static Engine start(OnnxSettings settings) {
    OrtEnvironment environment = FirstTouch.environment();
    try {
      Path empty = Files.createTempDirectory("vaccel-onnx-");
      for (Target target : Target.values()) {
        Engine engine = new Engine(environment, settings, target, empty);
        if (engine.works()) {
          return engine;
        }
      }
    } catch (IOException e) {
      LOG.warn("ONNX Runtime needs an empty directory in the temporary directory", e);
    }
    throw new VaccelException(Reason.ENGINE_FAILED, "ONNX Runtime works on no device here");
  }

  String version() {
    return environment.getVersion();
  }

  /** The device as users see it. */
  String device() {
    return target.device;
  }

  /** The engine's names of what it uses, in order of preference. */
  List<String> providers() {
    List<String> names = new ArrayList<>();
    for (Target each : EnumSet.range(target, Target.CPU)) {
      if (OrtEnvironment.getAvailableProviders().contains(each.provider)) {
        names.add(each.provider.getName());
      }
    }
    return names;
  }

  /**
   * Loads a model.
   *
   * @throws VaccelException {@link Reason#MODEL_UNREADABLE} when the engine does not take it
   */
  OnnxModel load(ResourceFile file) {
    if (file.sizeBytes() == 0) {
      throw new VaccelException(Reason.MODEL_UNREADABLE, "model '" + file.name() + "' is empty");
    }
    if (file.sizeBytes() > Integer.MAX_VALUE) {
      throw new VaccelException(
          Reason.MODEL_UNREADABLE,
          "model '"
              + file.name()
              + "' has "
              + file.sizeBytes()
              + " bytes, an ONNX file can have "
              + Integer.MAX_VALUE);
    }
    try {
      return OnnxModel.of(this, session(content(file)), file.name());
    } catch (OrtException e) {
      LOG.debug("ONNX Runtime does not take {}: {}", file, e.getMessage());
      throw EngineMessage.ofLoading(file.name(), e);
    }
  }

  OrtEnvironment environment() {
    return environment;
  }

  OnnxSettings settings() {
    return settings;
  }

  @Override
  public void close() {
    // The environment is the process's, and stays.
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
    ByteBuffer probe = ByteBuffer.allocateDirect(PROBE.length).put(PROBE).flip();
    try (OrtSession session = session(probe)) {
      return session.getNumInputs() == 1;
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

  /** The file as direct memory: mapped, not read, where it lies on disk. */
  private static ByteBuffer content(ResourceFile file) {
    if (file.path().isEmpty()) {
      byte[] bytes = file.readAll(Integer.MAX_VALUE);
      return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }
    try (FileChannel channel = FileChannel.open(file.path().get(), StandardOpenOption.READ)) {
      if (channel.size() != file.sizeBytes()) {
        throw new VaccelException(
            Reason.CONTENT_MISMATCH, "model file '" + file.name() + "' has changed");
      }
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
    } catch (IOException e) {
      throw new VaccelException(
          Reason.FILE_NOT_FOUND, "cannot read model file '" + file.name() + "'", e);
    }
  }
}
