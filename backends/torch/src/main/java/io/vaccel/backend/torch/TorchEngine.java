package io.vaccel.backend.torch;

import io.vaccel.ModelFormat;
import io.vaccel.ModelSpec;
import io.vaccel.Reason;
import io.vaccel.Settings;
import io.vaccel.VaccelException;
import io.vaccel.backend.engine.Engine;
import io.vaccel.backend.engine.EngineSettings;
import io.vaccel.backend.engine.MissingLibrary;
import io.vaccel.backend.engine.NativeDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bytedeco.javacpp.BoolPointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * LibTorch in this process. Its library is loaded with the first model: that takes seconds and 0.4
 * GB, which those who run other models should not pay.
 */
final class TorchEngine implements Engine {
  private static final Logger LOG = LoggerFactory.getLogger(TorchEngine.class);

  /** What one run takes from the other runs is more than it gains, seen on two processors. */
  private static final int DEFAULT_THREADS = 1;

  private final EngineSettings settings;
  private final Path directory;
  private boolean loaded;

  private TorchEngine(EngineSettings settings, Path directory) {
    this.settings = settings;
    this.directory = directory;
  }

  /**
   * Looks for the native library.
   *
   * @throws VaccelException {@link Reason#NO_PLUGIN} when it is not on the class path
   */
  static TorchEngine start(Settings settings) {
    EngineSettings own = EngineSettings.of(settings, "TORCH", DEFAULT_THREADS);
    NativeDirectory.useForJavaCpp(settings);
    String platform = Loader.getPlatform();
    for (String library : List.of("pytorch/%s/libtorch_cpu.so", "openblas/%s/libopenblas.so.0")) {
      if (Tensor.class.getResource("/org/bytedeco/" + library.formatted(platform)) == null) {
        throw MissingLibrary.of(
            "LibTorch", platform, "org.bytedeco:" + library.replaceFirst("/.*", ""));
      }
    }
    return new TorchEngine(own, NativeDirectory.of(settings, "torch"));
  }

  @Override
  public Set<ModelFormat> formats() {
    return Set.of(ModelFormat.TORCHSCRIPT);
  }

  @Override
  public String device() {
    return "CPU";
  }

  @Override
  public Map<String, String> details() {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("engine", "LibTorch " + version());
    facts.put("threads", Integer.toString(settings.threads()));
    facts.put("GPU", "not used");
    return facts;
  }

  @Override
  public TorchModel load(ModelSpec spec) {
    loadLibrary();
    return TorchModel.load(this, spec.resource().main());
  }

  @Override
  public EngineSettings settings() {
    return settings;
  }

  /** Where files are put that the engine wants to read from a disk. */
  Path directory() {
    return directory;
  }

  private synchronized void loadLibrary() {
    if (loaded) {
      return;
    }
    try {
      torch.set_num_threads(settings.threads());
      // The profiling executor optimises a model during its first runs, each time for other
      // shapes, and merges what it takes for equal, the looks at the stop signal among it.
      torch.getProfilingMode().put(false);
      // New memory may hold what another guest left there, and a model can return it:
      // "torch.empty".
      new BoolPointer(Loader.addressof("FLAGS_caffe2_cpu_allocator_do_zero_fill")).put(true);
      // Indices of sparse tensors are otherwise not compared with their sizes: "sparse_coo_tensor".
      torch.globalContext().setCheckSparseTensorInvariants(true);
      loaded = true;
    } catch (LinkageError e) {
      LOG.warn("LibTorch cannot be loaded", e);
      throw new VaccelException(
          Reason.NO_PLUGIN, "LibTorch's native library cannot be loaded here", e);
    }
  }

  /** Of the library, without that of JavaCPP. */
  private static String version() {
    try {
      return Loader.getVersion("org.bytedeco", "pytorch").replaceFirst("-.*", "");
    } catch (IOException e) {
      return "of unknown version";
    }
  }

  @Override
  public void close() {
    // The library stays loaded as long as the process lives.
  }
}
