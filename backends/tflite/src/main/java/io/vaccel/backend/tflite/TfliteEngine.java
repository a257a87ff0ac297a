package io.vaccel.backend.tflite;

import static org.bytedeco.tensorflowlite.global.tensorflowlite.IsFlexOp;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteModelCreateWithErrorReporter;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteModelDelete;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteVersion;

import io.vaccel.ModelFormat;
import io.vaccel.ModelSpec;
import io.vaccel.Reason;
import io.vaccel.ResourceFile;
import io.vaccel.Settings;
import io.vaccel.VaccelException;
import io.vaccel.backend.engine.Engine;
import io.vaccel.backend.engine.EngineSettings;
import io.vaccel.backend.engine.MissingLibrary;
import io.vaccel.backend.engine.ModelContent;
import io.vaccel.backend.engine.NativeDirectory;
import io.vaccel.backend.engine.Printable;
import io.vaccel.backend.tflite.ModelGraph.OperatorUse;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.tensorflowlite.BuiltinOpResolver;
import org.bytedeco.tensorflowlite.TfLiteModel;

/** TensorFlow Lite in this process. */
final class TfliteEngine implements Engine {
  private static final int CUSTOM = 32;

  private final EngineSettings settings;
  private final Reports reports = new Reports();
  private final BuiltinOpResolver known = new BuiltinOpResolver();

  private TfliteEngine(EngineSettings settings) {
    this.settings = settings;
  }

  /**
   * Loads the native library.
   *
   * @throws io.vaccel.VaccelException {@link Reason#NO_PLUGIN} when it is not on the class path
   */
  static TfliteEngine start(Settings settings) {
    EngineSettings own = EngineSettings.of(settings, "TFLITE");
    NativeDirectory.useForJavaCpp(settings);
    String platform = Loader.getPlatform();
    if (TfLiteModel.class.getResource(file(platform, "jnitensorflowlite")) == null) {
      throw MissingLibrary.of("TensorFlow Lite", platform, "org.bytedeco:tensorflow-lite");
    }
    if (Loader.class.getResource(file(platform, "jnijavacpp")) == null) {
      throw MissingLibrary.of("JavaCPP", platform, "org.bytedeco:javacpp");
    }
    return new TfliteEngine(own);
  }

  /** Where a jar has a native library, from the package of its classes. */
  private static String file(String platform, String library) {
    return platform + "/" + System.mapLibraryName(library);
  }

  @Override
  public Set<ModelFormat> formats() {
    return Set.of(ModelFormat.TFLITE);
  }

  @Override
  public String device() {
    return "CPU";
  }

  @Override
  public Map<String, String> details() {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("engine", "TensorFlow Lite " + TfLiteVersion().getString());
    facts.put("delegate", "XNNPACK");
    facts.put("threads", Integer.toString(settings.threads()));
    facts.put("GPU", "not used");
    return facts;
  }

  @Override
  public TfliteModel load(ModelSpec spec) {
    ResourceFile file = spec.resource().main();
    ByteBuffer content = ModelContent.direct(file);
    reports.clear();
    // This one verifies; the plain constructors of the C++ API do not.
    TfLiteModel model =
        TfLiteModelCreateWithErrorReporter(
            new BytePointer(content), content.limit(), reports, new Pointer());
    if (Pointer.isNull(model)) {
      reports.clear();
      throw unreadable(file, "is no TensorFlow Lite file, or is damaged or cut off");
    }
    try {
      ModelGraph graph = ModelGraph.read(file.name(), content);
      requireKnown(file, graph);
      return TfliteModel.of(this, file.name(), model, content, graph);
    } catch (RuntimeException | Error e) {
      TfLiteModelDelete(model);
      throw e;
    }
  }

  @Override
  public EngineSettings settings() {
    return settings;
  }

  Reports reports() {
    return reports;
  }

  @Override
  public void close() {
    known.deallocate();
    reports.deallocate();
  }

  private void requireKnown(ResourceFile file, ModelGraph graph) {
    Set<String> flex = new LinkedHashSet<>();
    for (OperatorUse operator : graph.operators()) {
      if (operator.builtin() != CUSTOM) {
        if (Pointer.isNull(known.FindOp(operator.builtin(), operator.version()))) {
          throw unreadable(
              file,
              "uses builtin operator "
                  + operator.builtin()
                  + " in version "
                  + operator.version()
                  + ", which this TensorFlow Lite does not have");
        }
      } else if (IsFlexOp(operator.custom())) {
        flex.add(Printable.name(operator.custom().replaceFirst("^Flex", "")));
      } else if (Pointer.isNull(known.FindOp(operator.custom(), operator.version()))) {
        throw unreadable(
            file,
            "uses custom operator '"
                + Printable.name(operator.custom())
                + "', which this TensorFlow Lite does not have");
      }
    }
    if (!flex.isEmpty()) {
      throw unreadable(
          file,
          "needs TensorFlow's own operators ("
              + String.join(", ", flex.stream().limit(10).toList())
              + "), which TensorFlow Lite does not have: convert it without SELECT_TF_OPS, or load"
              + " it as a TensorFlow model");
    }
  }

  private static VaccelException unreadable(ResourceFile file, String what) {
    return new VaccelException(Reason.MODEL_UNREADABLE, "model '" + file.name() + "' " + what);
  }
}
