package io.vaccel.guest;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.vaccel.Classification;
import io.vaccel.ExecutedOn;
import io.vaccel.Stage;
import io.vaccel.Tensor;
import io.vaccel.VaccelException;
import java.io.PrintWriter;
import java.util.function.Function;

/** The parts that the JSON documents share. */
final class Json {
  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().serializeNulls().create();

  private Json() {}

  static JsonObject executedOn(ExecutedOn executedOn) {
    JsonObject object = new JsonObject();
    object.addProperty("plugin", executedOn.plugin());
    object.addProperty("device", executedOn.device());
    object.add("path", strings(executedOn.path()));
    JsonArray stages = new JsonArray();
    for (Stage stage : executedOn.stages()) {
      JsonObject one = new JsonObject();
      one.addProperty("name", stage.name());
      one.addProperty("micros", stage.elapsed().toNanos() / 1000);
      stages.add(one);
    }
    object.add("stages", stages);
    return object;
  }

  static JsonObject error(VaccelException error) {
    JsonObject object = new JsonObject();
    object.addProperty("reason", error.reason().name());
    object.addProperty("code", error.code().name());
    object.addProperty("message", error.getMessage());
    return object;
  }

  /** Prints a document that only says what went wrong. */
  static void printError(VaccelException error, PrintWriter out) {
    JsonObject document = new JsonObject();
    document.add("error", error(error));
    print(document, out);
  }

  static JsonObject label(Classification.Label label) {
    JsonObject object = new JsonObject();
    object.addProperty("index", label.index());
    object.addProperty("name", label.name());
    object.add("score", number(label.score()));
    return object;
  }

  static <T> JsonArray list(Iterable<T> values, Function<T, JsonElement> element) {
    JsonArray array = new JsonArray();
    values.forEach(value -> array.add(element.apply(value)));
    return array;
  }

  /** Adds width and height of a tensor of rows and columns. */
  static void addSize(JsonObject image, Tensor map) {
    image.addProperty("width", map.shape().dimension(1));
    image.addProperty("height", map.shape().dimension(0));
  }

  static JsonArray strings(Iterable<String> values) {
    JsonArray array = new JsonArray();
    values.forEach(array::add);
    return array;
  }

  /** The number, or null for what JSON cannot write: a broken model may give NaN. */
  static JsonElement number(float value) {
    return Float.isFinite(value) ? new JsonPrimitive(value) : JsonNull.INSTANCE;
  }

  static void print(JsonObject document, PrintWriter out) {
    // Character sets that a script does not expect cannot garble what is plain ASCII.
    StringBuilder ascii = new StringBuilder();
    for (char c : GSON.toJson(document).toCharArray()) {
      ascii.append(c < 0x7f ? String.valueOf(c) : String.format("\\u%04x", (int) c));
    }
    out.println(ascii);
    out.flush();
  }
}
