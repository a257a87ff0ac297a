package io.vaccel.backend.tensorflow;

import static org.tensorflow.internal.c_api.global.tensorflow.TF_Version;

import io.vaccel.ModelFormat;
import io.vaccel.ModelSpec;
import io.vaccel.Reason;
import io.vaccel.ResourceFile;
import io.vaccel.Settings;
import io.vaccel.VaccelException;
import io.vaccel.backend.engine.Engine;
import io.vaccel.backend.engine.EngineSettings;
import io.vaccel.backend.engine.MissingLibrary;
import io.vaccel.backend.engine.NativeDirectory;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Loader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GPUOptions;
import org.tensorflow.proto.SavedModel;

/**
 * TensorFlow in this process. Its native code is unpacked with the first model, because that takes
 * seconds and 0.7 GB, which those who run other models should not pay.
 */
final class TensorFlowEngine implements Engine {
  private static final Logger LOG = LoggerFactory.getLogger(TensorFlowEngine.class);
  private static final String PLACE = "/org/tensorflow/internal/c_api/";
  private static final String LIBRARY = "/libtensorflow_cc.so.2";
  private static final long UNPACKED_BYTES = 700_000_000;

  private final EngineSettings settings;
  private final Path directory;
  private volatile String device = "CPU";
  private boolean loaded;

  private TensorFlowEngine(EngineSettings settings, Path directory) {
    this.settings = settings;
    this.directory = directory;
  }

  /**
   * Looks for the native library.
   *
   * @throws VaccelException {@link Reason#NO_PLUGIN} when it is not on the class path, or there is
   *     no room to unpack it
   */
  static TensorFlowEngine start(Settings settings) {
    EngineSettings own = EngineSettings.of(settings, "TENSORFLOW");
    // Before anything of JavaCPP is touched: it reads its settings once.
    NativeDirectory.useForJavaCpp(settings);
    String platform = Loader.getPlatform();
    if (Stream.of("", "-gpu")
        .allMatch(
            kind -> SavedModel.class.getResource(PLACE + platform + kind + LIBRARY) == null)) {
      throw MissingLibrary.of("TensorFlow", platform, "tensorflow-core-native");
    }
    Path directory = NativeDirectory.of(settings, "tensorflow");
    long room = directory.toFile().getUsableSpace();
    if (room > 0 && room < UNPACKED_BYTES) {
      throw new VaccelException(
          Reason.NO_PLUGIN,
          "TensorFlow's native library needs "
              + UNPACKED_BYTES
              + " bytes to be unpacked, there are "
              + room
              + "; "
              + NativeDirectory.SETTING
              + " names another place");
    }
    return new TensorFlowEngine(own, directory);
  }

  @Override
  public Set<ModelFormat> formats() {
    return Set.of(ModelFormat.TENSORFLOW_SAVED_MODEL, ModelFormat.TENSORFLOW_GRAPH);
  }

  @Override
  public String device() {
    return device;
  }

  @Override
  public Map<String, String> details() {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("engine", "TensorFlow, loaded with the first model");
    facts.put("threads", Integer.toString(settings.threads()));
    return facts;
  }

  /** All files of a SavedModel; the graph alone of a frozen one. */
  @Override
  public List<ResourceFile> content(ModelSpec spec) {
    return spec.format() == ModelFormat.TENSORFLOW_SAVED_MODEL
        ? spec.resource().files()
        : Engine.super.content(spec);
  }

  @Override
  public TensorFlowModel load(ModelSpec spec) {
    String name = spec.resource().main().name();
    boolean saved = spec.format() == ModelFormat.TENSORFLOW_SAVED_MODEL;
    loadLibrary();
    try {
      ModelSource source =
          saved ? SavedModelFiles.read(spec.resource()) : GraphFile.read(spec.resource().main());
      Optional<ModelTree> tree =
          source.files().isEmpty()
              ? Optional.empty()
              : Optional.of(ModelTree.of(directory, spec.resource()));
      try {
        return new TensorFlowModel(this, name, source, tree);
      } catch (RuntimeException | Error e) {
        tree.ifPresent(ModelTree::close);
        throw e;
      }
    } catch (UnsoundGraph e) {
      throw new VaccelException(
          Reason.MODEL_UNREADABLE, "model '" + name + "' " + e.getMessage(), e);
    }
  }

  @Override
  public EngineSettings settings() {
    return settings;
  }

  /** How sessions are to be. */
  byte[] config() {
    return ConfigProto.newBuilder()
        .setAllowSoftPlacement(true)
        .setIntraOpParallelismThreads(settings.threads())
        .setInterOpParallelismThreads(settings.threads())
        .setGpuOptions(GPUOptions.newBuilder().setAllowGrowth(true))
        .build()
        .toByteArray();
  }

  @Override
  public void close() {
    // The library stays; models are closed by those who have them.
  }

  private synchronized void loadLibrary() {
    if (!loaded) {
      try {
        String version = TF_Version().getString();
        device = Devices.first(config());
        LOG.info("TensorFlow {} on {}", version, device);
        loaded = true;
      } catch (LinkageError e) {
        LOG.warn("TensorFlow cannot be loaded", e);
        throw new VaccelException(
            Reason.NO_PLUGIN, "TensorFlow's native library cannot be loaded here", e);
      }
    }
  }
}
