package io.vaccel.backend.image;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import io.vaccel.VaccelException;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The fields of a JSON object, each read once with the type that it must have; what is left over at
 * the end is an error. All errors name file and field. Not safe for use by several threads.
 */
final class JsonFields {
  private static final int MAX_DEPTH = 8;

  private final String file;
  private final String path;
  private final JsonObject object;
  private final Set<String> unread;

  private JsonFields(String file, String path, JsonObject object) {
    this.file = file;
    this.path = path;
    this.object = object;
    this.unread = new LinkedHashSet<>(object.keySet());
  }

  /** A whole file, which must hold one object. */
  static JsonFields parse(String file, String text) {
    try (JsonReader reader = new JsonReader(new StringReader(text))) {
      reader.setStrictness(Strictness.STRICT);
      JsonElement whole = read(file, reader, 0);
      if (!whole.isJsonObject() || reader.peek() != JsonToken.END_DOCUMENT) {
        throw mismatch(file, " is not one JSON object");
      }
      return new JsonFields(file, "", whole.getAsJsonObject());
    } catch (MalformedJsonException | NumberFormatException e) {
      throw mismatch(file, " is no JSON");
    } catch (IOException | IllegalStateException e) {
      throw mismatch(file, " is no JSON, or ends too early");
    }
  }

  /** The error for a field, or for the file when the field is empty. */
  static VaccelException mismatch(String file, String problem) {
    return ImageModel.mismatch("metadata '" + file + "'" + problem);
  }

  JsonFields object(String name) {
    JsonElement value = required(name);
    if (!value.isJsonObject()) {
      throw wrong(name, "must be an object");
    }
    return new JsonFields(file, path + name + ".", value.getAsJsonObject());
  }

  String string(String name) {
    return asString(name, required(name));
  }

  Optional<String> optionalString(String name) {
    unread.remove(name);
    return Optional.ofNullable(object.get(name)).map(value -> asString(name, value));
  }

  int integer(String name, int least, int most) {
    return whole(name, asNumber(name, required(name)), least, most);
  }

  /** A number above 0 and up to {@code most}. */
  double positive(String name, double most) {
    double value = asNumber(name, required(name));
    if (!(value > 0 && value <= most)) {
      throw wrong(name, "must be above 0 and at most " + most);
    }
    return value;
  }

  /** A number from {@code least} to {@code most}. */
  float number(String name, double least, double most) {
    return range(name, asNumber(name, required(name)), least, most);
  }

  List<Float> numbers(String name, int count) {
    return numbers(name, count, count, -Float.MAX_VALUE, Float.MAX_VALUE);
  }

  /** A list of as many numbers, each within these limits. */
  List<Float> numbers(String name, int fewest, int most, double least, double greatest) {
    JsonArray array = array(name, fewest, most);
    List<Float> numbers = new ArrayList<>();
    array.forEach(each -> numbers.add(range(name, asNumber(name, each), least, greatest)));
    return List.copyOf(numbers);
  }

  /** A list of at most as many pairs of whole numbers from 0 to {@code greatest}. */
  List<Pair> pairs(String name, int most, int greatest) {
    List<Pair> pairs = new ArrayList<>();
    for (JsonElement each : array(name, 0, most)) {
      if (!each.isJsonArray() || each.getAsJsonArray().size() != 2) {
        throw wrong(name, "must hold pairs of numbers");
      }
      JsonArray pair = each.getAsJsonArray();
      pairs.add(
          new Pair(
              whole(name, asNumber(name, pair.get(0)), 0, greatest),
              whole(name, asNumber(name, pair.get(1)), 0, greatest)));
    }
    return List.copyOf(pairs);
  }

  /** Two whole numbers. */
  record Pair(int first, int second) {}

  boolean bool(String name) {
    if (required(name) instanceof JsonPrimitive primitive && primitive.isBoolean()) {
      return primitive.getAsBoolean();
    }
    throw wrong(name, "must be true or false");
  }

  <E extends Enum<E>> E choice(String name, List<E> choices) {
    String text = string(name);
    return choices.stream()
        .filter(choice -> choice.toString().equals(text))
        .findFirst()
        .orElseThrow(() -> wrong(name, "must be one of " + choices));
  }

  /** Whether the field is there. */
  boolean has(String name) {
    return object.has(name);
  }

  /** Ends the reading: every field must have been read. */
  void end() {
    for (String name : unread) {
      throw wrong(name, "is not known");
    }
  }

  /** The error for one field. */
  VaccelException wrong(String name, String problem) {
    return mismatch(file, ": field '" + shown(path + name) + "' " + problem);
  }

  private JsonElement required(String name) {
    unread.remove(name);
    JsonElement value = object.get(name);
    if (value == null) {
      throw wrong(name, "is missing");
    }
    return value;
  }

  private JsonArray array(String name, int fewest, int most) {
    JsonElement value = required(name);
    int size = value.isJsonArray() ? value.getAsJsonArray().size() : -1;
    if (size < fewest || size > most) {
      throw wrong(
          name, "must be " + (fewest == most ? "" : fewest + " to ") + most + " values in a list");
    }
    return value.getAsJsonArray();
  }

  private int whole(String name, double value, int least, int most) {
    if (value != Math.rint(value) || value < least || value > most) {
      throw wrong(name, "must be a whole number from " + least + " to " + most);
    }
    return (int) value;
  }

  private float range(String name, double value, double least, double most) {
    if (value < least || value > most) {
      throw wrong(name, "must be a number from " + least + " to " + most);
    }
    return (float) value;
  }

  private String asString(String name, JsonElement value) {
    if (!(value instanceof JsonPrimitive primitive) || !primitive.isString()) {
      throw wrong(name, "must be a string");
    }
    return primitive.getAsString();
  }

  private double asNumber(String name, JsonElement value) {
    if (value instanceof JsonPrimitive primitive && primitive.isNumber()) {
      double number = primitive.getAsDouble();
      if (Double.isFinite(number) && Float.isFinite((float) number)) {
        return number;
      }
    }
    throw wrong(name, "must be a number");
  }

  /** Gson's own tree keeps the last of several fields with one name; here that is an error. */
  private static JsonElement read(String file, JsonReader reader, int depth) throws IOException {
    if (depth > MAX_DEPTH) {
      throw mismatch(file, " is nested more than " + MAX_DEPTH + " deep");
    }
    switch (reader.peek()) {
      case BEGIN_OBJECT -> {
        JsonObject object = new JsonObject();
        reader.beginObject();
        while (reader.hasNext()) {
          String name = reader.nextName();
          if (object.has(name)) {
            throw mismatch(file, ": field '" + shown(name) + "' is there twice");
          }
          object.add(name, read(file, reader, depth + 1));
        }
        reader.endObject();
        return object;
      }
      case BEGIN_ARRAY -> {
        JsonArray array = new JsonArray();
        reader.beginArray();
        while (reader.hasNext()) {
          array.add(read(file, reader, depth + 1));
        }
        reader.endArray();
        return array;
      }
      case STRING -> {
        return new JsonPrimitive(reader.nextString());
      }
      case NUMBER -> {
        return new JsonPrimitive(reader.nextDouble());
      }
      case BOOLEAN -> {
        return new JsonPrimitive(reader.nextBoolean());
      }
      case NULL -> {
        reader.nextNull();
        return JsonNull.INSTANCE;
      }
      case NAME, END_OBJECT, END_ARRAY, END_DOCUMENT -> throw mismatch(file, " is no JSON");
    }
    throw mismatch(file, " is no JSON");
  }

  private static String shown(String name) {
    String printable = name.replaceAll("[^ -~]", "?");
    return printable.length() <= 80 ? printable : printable.substring(0, 80) + "...";
  }
}
