package io.vaccel.backend.image;

import static io.vaccel.contract.PluginContract.failureOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class AnchorsTest {
  private static final Path METADATA =
      Path.of(System.getProperty("vaccel.samples"), "zoo/ssd-mobilenet-v2.json");

  /** 19 x 19 cells of 3, then 10, 5, 3, 2 and 1 squared of 6: what TensorFlow's SSD has. */
  @Test
  void ssd_has1917Anchors() throws IOException {
    Metadata metadata = Metadata.parse("m.json", Files.readString(METADATA));
    BoxForm form = ((BoxesOutput) metadata.output()).form();
    assertThat(form.candidates(metadata.input())).isEqualTo(1917);
    Anchors anchors = form.anchors(metadata.input());
    assertThat(anchors.x(0)).isCloseTo(0.5f / 19, within(1e-6f));
    assertThat(anchors.width(0)).isCloseTo(0.1f, within(1e-6f));
    // The last grid is one cell: its last anchor lies between 0.95 and 1.
    assertThat(anchors.y(1916)).isCloseTo(0.5f, within(1e-6f));
    assertThat(anchors.height(1916)).isCloseTo((float) Math.sqrt(0.95), within(1e-6f));
  }

  @Test
  void anchorsWithoutEnd_areRefusedBeforeTheyAreMade() throws IOException {
    String text =
        Files.readString(METADATA)
            .replace("\"width\": 300", "\"width\": 2048")
            .replace("\"height\": 300", "\"height\": 2048")
            .replace("[16, 32, 64, 128, 256, 512]", "[1, 2]");
    Metadata metadata = Metadata.parse("m.json", text);
    BoxForm form = ((BoxesOutput) metadata.output()).form();
    assertThat(failureOf(() -> form.anchors(metadata.input())))
        .hasMessageContaining("anchors, the limit is 1000000");
  }

  @Test
  void stridesThatDoNotGrow_areNamed() throws IOException {
    String text = Files.readString(METADATA).replace("[16, 32,", "[32, 32,");
    assertThat(failureOf(() -> Metadata.parse("m.json", text)))
        .hasMessageContaining("'output.anchors.strides' must grow");
  }
}
