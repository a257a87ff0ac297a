package io.vaccel.backend.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.vaccel.ElementType;
import io.vaccel.Model;
import io.vaccel.ModelSpec;
import io.vaccel.Session;
import io.vaccel.Settings;
import io.vaccel.Shape;
import io.vaccel.Tensor;
import io.vaccel.Vaccel;
import io.vaccel.contract.ModelContract;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What PyTorch wrote, against what PyTorch got from it ({@code make_models.py}). */
final class TorchModelsTest {
  /** Of float32 between two versions of the library, which add in different orders. */
  private static final double TOLERANCE = 1e-5;

  @TestFactory
  Stream<DynamicTest> models_giveWhatPyTorchGot() throws IOException {
    String text = new String(resource("expected.json"), StandardCharsets.UTF_8);
    return JsonParser.parseString(text).getAsJsonObject().entrySet().stream()
        .map(
            each ->
                DynamicTest.dynamicTest(
                    each.getKey(), () -> check(each.getKey(), each.getValue().getAsJsonObject())));
  }

  private static void check(String name, JsonObject expected) throws IOException {
    ModelSpec spec = new TorchKit().spec(ByteBuffer.wrap(resource(name + ".pt")));
    try (Vaccel vaccel = Vaccel.builder().set(Settings.PLUGINS, "torch").load();
        Session session = vaccel.openSession();
        Model model = ModelContract.load(session, spec)) {
      List<Tensor> outputs = session.run(model, tensors(expected, "inputs")).tensors();
      List<Tensor> wanted = tensors(expected, "outputs");
      assertThat(outputs).hasSameSizeAs(wanted);
      for (int i = 0; i < wanted.size(); i++) {
        assertSame(outputs.get(i), wanted.get(i));
      }
    }
  }

  private static void assertSame(Tensor found, Tensor wanted) {
    assertThat(found).hasToString(wanted.toString());
    double[] values = values(found);
    double[] expected = values(wanted);
    for (int i = 0; i < expected.length; i++) {
      assertThat(values[i])
          .as("%s at %s", wanted, i)
          .isCloseTo(expected[i], within(TOLERANCE * Math.max(1, Math.abs(expected[i]))));
    }
  }

  private static List<Tensor> tensors(JsonObject expected, String which) {
    return expected.getAsJsonArray(which).asList().stream()
        .map(JsonElement::getAsJsonObject)
        .map(TorchModelsTest::tensor)
        .toList();
  }

  private static Tensor tensor(JsonObject from) {
    ElementType type = ElementType.valueOf(from.get("type").getAsString());
    long[] shape =
        from.getAsJsonArray("shape").asList().stream().mapToLong(JsonElement::getAsLong).toArray();
    List<JsonElement> values = from.getAsJsonArray("values").asList();
    ByteBuffer data =
        ByteBuffer.allocate((int) type.bytes(Shape.of(shape).elements()))
            .order(ByteOrder.LITTLE_ENDIAN);
    for (JsonElement value : values) {
      switch (type) {
        case FLOAT32, COMPLEX64 -> data.putFloat(value.getAsFloat());
        case FLOAT64 -> data.putDouble(value.getAsDouble());
        case INT64 -> data.putLong((long) value.getAsDouble());
        case INT16, FLOAT16, BFLOAT16 -> data.putShort((short) value.getAsDouble());
        case UINT8, BOOL -> data.put((byte) value.getAsDouble());
        default -> throw new AssertionError(type + " is not in the file");
      }
    }
    return Tensor.of(from.get("name").getAsString(), type, Shape.of(shape), data.flip());
  }

  private static double[] values(Tensor tensor) {
    ByteBuffer data = tensor.data();
    Stream.Builder<Double> values = Stream.builder();
    while (data.hasRemaining()) {
      values.add(
          switch (tensor.type()) {
            case FLOAT32, COMPLEX64 -> (double) data.getFloat();
            case FLOAT64 -> data.getDouble();
            case INT64 -> (double) data.getLong();
            case INT16, FLOAT16, BFLOAT16 -> (double) data.getShort();
            default -> (double) data.get();
          });
    }
    return values.build().mapToDouble(Double::doubleValue).toArray();
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = TorchModelsTest.class.getResourceAsStream("/models/" + name)) {
      return in.readAllBytes();
    }
  }
}
