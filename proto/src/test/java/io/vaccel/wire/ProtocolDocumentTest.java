package io.vaccel.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaccel.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** PROTOCOL.md lists the reasons that the code has, each with its status. */
final class ProtocolDocumentTest {
  private static final Pattern ROW = Pattern.compile("\\| `([A-Z_]+)` \\| ([A-Z_]+) \\| .+ \\|");

  @Test
  void everyReason_isInTheTable() throws IOException {
    List<String> documented = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of("..", "PROTOCOL.md"))) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        documented.add(row.group(1) + " " + row.group(2));
      }
    }

    assertThat(documented)
        .containsExactlyElementsOf(
            Arrays.stream(Reason.values()).map(reason -> reason + " " + reason.code()).toList());
  }
}
