package io.vaccel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BackendHintTest {
  private static final Path BACKENDS = Path.of("../backends");
  private static final Pattern ARTIFACT = Pattern.compile("vaccel-backend-([a-z]+)");

  static Stream<String> operations() {
    return Stream.concat(Stream.of("model.load"), Operations.all().stream().map(Operation::name));
  }

  @ParameterizedTest
  @MethodSource("operations")
  void whatIsToBeAdded_isThere(String operation) {
    VaccelException gone = new VaccelException(Reason.AGENT_UNREACHABLE, "nobody listens");
    for (ModelFormat format : ModelFormat.values()) {
      String hint = BackendHint.added(gone, operation, Optional.of(format)).getMessage();
      assertThat(hint).startsWith("nobody listens; to do it here, add vaccel-backend-");
      for (Matcher artifact = ARTIFACT.matcher(hint); artifact.find(); ) {
        assertThat(BACKENDS.resolve(artifact.group(1)).resolve("pom.xml")).as(hint).exists();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("operations")
  void functionsOnPictures_areWhereTheirPluginIs(String operation) {
    String hint =
        BackendHint.added(
                new VaccelException(Reason.AGENT_UNREACHABLE, "gone"), operation, Optional.empty())
            .getMessage();
    assertThat(hint.contains("vaccel-backend-image"))
        .isEqualTo(operation.startsWith("image.") || operation.startsWith("opencv."));
  }
}
