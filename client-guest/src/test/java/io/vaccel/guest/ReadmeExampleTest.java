package io.vaccel.guest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ReadmeExampleTest {
  private static final Path ROOT = Path.of(System.getProperty("vaccel.samples")).getParent();

  @Test
  void example_classifies() throws IOException {
    Path model = Files.writeString(Path.of("efficientnet-lite0.onnx"), "model");
    Path photo = Files.writeString(Path.of("photo.jpg"), "coffee");
    PrintStream before = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, UTF_8));
    try {
      ReadmeExample.run(photo);
    } finally {
      System.setOut(before);
      Files.delete(model);
      Files.delete(photo);
    }
    assertThat(printed.toString(UTF_8))
        .isEqualTo("espresso 0.95\ncoffee mug 0.03\ncup 0.00\nhere, plugin onnx, CPU\n");
  }

  @Test
  void readme_showsThisExample() throws IOException {
    String source =
        Files.readString(
            ROOT.resolve("client-guest/src/test/java/io/vaccel/guest/ReadmeExample.java"));
    String example =
        source.substring(
            source.indexOf("// README begins") + "// README begins".length(),
            source.indexOf("// README ends"));
    Matcher block =
        Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(ROOT.resolve("README.md")));
    assertThat(block.find()).isTrue();
    assertThat(block.group(1)).isEqualToNormalizingWhitespace(example);
  }
}
