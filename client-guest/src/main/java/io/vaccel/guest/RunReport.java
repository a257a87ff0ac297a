package io.vaccel.guest;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.vaccel.Model;
import io.vaccel.ModelRun;
import io.vaccel.Profile;
import io.vaccel.Tensor;
import io.vaccel.TensorInfo;
import io.vaccel.VaccelException;
import java.nio.file.Path;
import java.util.List;
import java.util.StringJoiner;

/**
 * Tells what came of running a model: as text, or as the document of {@code docs/GUEST-JSON.md}.
 */
final class RunReport {
  private static final int MAX_SHOWN = 8;
  private static final int MAX_VALUES = 1000;

  private final boolean json;
  private final Console console;
  private final JsonObject document = new JsonObject();

  RunReport(Path model, boolean json, Console console) {
    this.json = json;
    this.console = console;
    document.addProperty("model", model.toString());
  }

  /** The model is loaded. */
  void loaded(Model model) {
    document.addProperty("uploadedBytes", model.loaded().uploadedBytes());
    document.add("modelInputs", infos(model.signature().inputs()));
    document.add("modelOutputs", infos(model.signature().outputs()));
    if (!json) {
      model.signature().inputs().forEach(input -> console.out().println("input   " + input));
      model.signature().outputs().forEach(output -> console.out().println("output  " + output));
    }
  }

  /** The model has run; its outputs are in the file, if there is one. */
  void ran(ModelRun.Outputs result, Path file) {
    JsonArray outputs = new JsonArray();
    for (Tensor tensor : result.tensors()) {
      outputs.add(json(tensor, file == null));
      if (!json) {
        console.out().println("result  " + tensor + text(tensor));
      }
    }
    document.add("outputs", outputs);
    document.add("executedOn", Json.executedOn(result.executedOn()));
    if (file != null) {
      document.addProperty("file", file.toString());
    }
    if (!json) {
      console.out().println((file == null ? "" : "wrote " + file + "; ") + result.executedOn());
    }
  }

  /** What was measured of it, if anything was. */
  void measured(Profile profile) {
    ProfileText.addTo(document, profile);
    if (!json) {
      ProfileText.print(profile, console.out());
    }
  }

  /** Something went wrong, which the caller reports to people. */
  void failed(VaccelException error) {
    document.add("error", Json.error(error));
  }

  /** Nothing more comes. */
  void end() {
    if (json) {
      Json.print(document, console.out());
    }
    console.flush();
  }

  private static JsonArray infos(List<TensorInfo> infos) {
    JsonArray array = new JsonArray();
    for (TensorInfo info : infos) {
      JsonArray shape = new JsonArray();
      info.dimensions().forEach(shape::add);
      array.add(tensor(info.name(), info.type().name(), shape));
    }
    return array;
  }

  private static JsonObject json(Tensor tensor, boolean withValues) {
    JsonArray shape = new JsonArray();
    for (long dimension : tensor.shape().dimensions()) {
      shape.add(dimension);
    }
    JsonObject object = tensor(tensor.name(), tensor.type().name(), shape);
    TensorValues values = new TensorValues(tensor);
    if (withValues && values.count() <= MAX_VALUES) {
      JsonArray array = new JsonArray();
      for (int i = 0; i < values.count(); i++) {
        array.add(values.value(i));
      }
      object.add("values", array);
    }
    return object;
  }

  private static JsonObject tensor(String name, String type, JsonArray shape) {
    JsonObject object = new JsonObject();
    object.addProperty("name", name);
    object.addProperty("type", type);
    object.add("shape", shape);
    return object;
  }

  /** The first elements, and of more numbers than are shown, what range they have. */
  private static String text(Tensor tensor) {
    TensorValues values = new TensorValues(tensor);
    if (values.count() == 0) {
      return "";
    }
    StringJoiner shown = new StringJoiner(", ", "  ", values.count() > MAX_SHOWN ? ", ..." : "");
    for (int i = 0; i < Math.min(MAX_SHOWN, values.count()); i++) {
      shown.add(values.value(i).toString());
    }
    if (!values.areNumbers() || values.count() <= MAX_SHOWN) {
      return shown.toString();
    }
    double least = Double.POSITIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < values.count(); i++) {
      least = Math.min(least, values.number(i));
      most = Math.max(most, values.number(i));
    }
    return shown + "  (from " + (float) least + " to " + (float) most + ")";
  }
}
