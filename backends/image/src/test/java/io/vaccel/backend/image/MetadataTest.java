package io.vaccel.backend.image;

import static io.vaccel.contract.PluginContract.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.vaccel.ElementType;
import io.vaccel.Reason;
import io.vaccel.Resource;
import io.vaccel.ResourceFile;
import io.vaccel.ResourceKind;
import io.vaccel.VaccelException;
import io.vaccel.contract.TinyModels;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MetadataTest {
  private static final String GOOD =
      TinyModels.coloursMetadata(true, ElementType.FLOAT32, "RGB")
          .replace("\"stretch\"", "\"crop\", \"crop\": 0.5");

  @Test
  void sample_isRead() throws IOException {
    Path file = Path.of(System.getProperty("vaccel.samples"), "models/efficientnet-lite0.json");
    Metadata metadata = Metadata.parse("m.json", Files.readString(file));
    assertThat(metadata.input().width()).isEqualTo(224);
    assertThat(metadata.input().crop()).isEqualTo(0.875);
    assertThat(metadata.input().interpolation()).isEqualTo(Metadata.Interpolation.BICUBIC);
    assertThat(metadata.input().normalisation().of(1, 255)).isEqualTo(1);
    assertThat(metadata.output()).isEqualTo(new ScoresOutput("logits", Activation.SOFTMAX));
    assertThat(metadata.labels()).hasValue("efficientnet-lite0.labels.txt");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"version\": 1|\"version\": 2|'version'",
        "\"version\": 1|\"version\": \"1\"|'version'",
        "\"version\": 1|\"version\": 1, \"versoin\": 1|'versoin' is not known",
        "\"version\": 1|\"version\": 1, \"version\": 1|twice",
        "image-classification|dept|'task'",
        "\"width\": 4|\"width\": 0|'input.width'",
        "\"width\": 4|\"width\": 4.5|'input.width'",
        "\"width\": 4|\"width\": 4097|'input.width'",
        "\"width\": 4|\"width\": 1e99|'input.width'",
        "\"width\": 4|\"width\": null|'input.width'",
        "\"width\": 4,||'input.width' is missing",
        "NCHW|CHWN|'input.layout'",
        "\"RGB\"|\"rgb\"|'input.color'",
        "\"crop\": 0.5|\"crop\": 0|'input.crop'",
        "\"crop\": 0.5|\"crop\": 1.01|'input.crop'",
        "\"crop\", \"crop\": 0.5|\"fit\", \"crop\": 0.5|'input.crop'",
        ", \"crop\": 0.5||'input.crop' is missing",
        "bilinear|nearest|'input.interpolation'",
        "[0, 0, 0]|[0, 0]|'input.mean'",
        "[0, 0, 0]|[0, 0, \"0\"]|'input.mean'",
        "[255, 255, 255]|[255, 0, 255]|'input.std'",
        "[255, 255, 255]|[255, 1e300, 255]|'input.std'",
        "softmax|sigmoid|'output.activation'",
        "tiny.labels.txt|../labels.txt|'labels'",
        "tiny.labels.txt|a/b.txt|'labels'",
        "\"name\": \"logits\"|\"name\": {}|'output.name'",
        "\"name\": \"logits\"|\"names\": \"logits\"|'output.name' is missing",
      })
  void wrongField_isNamed(String part, String instead, String mention) {
    assertThat(GOOD).contains(part);
    assertRefused(GOOD.replace(part, instead == null ? "" : instead), mention);
  }

  @Test
  void whatIsNoJsonObject_isRefused() {
    for (String text : List.of("", "[]", "null", "{", "{} {}", "{'a': 1}", "//x\n{}", "NaN")) {
      assertRefused(text, "'m.json'");
    }
    assertRefused("[".repeat(10_000), "nested");
    assertRefused("{\"a\":".repeat(10_000), "nested");
  }

  @Property(tries = 2000)
  void changedText_isReadOrRefused(
      @ForAll @IntRange(max = 450) int at, @ForAll char instead, @ForAll boolean cut) {
    int index = Math.min(at, GOOD.length() - 1);
    String text = GOOD.substring(0, index) + instead + (cut ? "" : GOOD.substring(index + 1));
    try {
      assertThat(Metadata.parse("m.json", text).input().width()).isPositive();
    } catch (VaccelException e) {
      assertThat(e.reason()).isEqualTo(Reason.MODEL_MISMATCH);
    }
  }

  @Test
  void longFiles_areNotRead() {
    ResourceFile large = ResourceFile.ofBytes("m.json", ByteBuffer.allocate((64 << 10) + 1));
    Resource resource =
        new Resource(
            ResourceKind.MODEL,
            List.of(ResourceFile.ofBytes("m.onnx", ByteBuffer.allocate(1)), large));
    VaccelException failure = failureOf(() -> Metadata.of(resource));
    assertThat(failure.reason()).isEqualTo(Reason.MODEL_MISMATCH);
    assertThat(failure).hasMessageContaining("the limit is 65536");
  }

  private static void assertRefused(String text, String mention) {
    VaccelException failure = failureOf(() -> Metadata.parse("m.json", text));
    assertThat(failure.reason()).isEqualTo(Reason.MODEL_MISMATCH);
    assertThat(failure).hasMessageContaining(mention);
  }
}
