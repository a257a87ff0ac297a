package io.vaccel.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaccel.Session;
import io.vaccel.Vaccel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every case that the host has written down gives the same within a guest VM: bits and errors. Run
 * by {@link HybridVmIT}.
 */
final class VmGuestFaithful {
  /** Names the file of {@link #writeDown}. */
  static final String EXPECTED = "VACCEL_TEST_EXPECTED";

  private static final String BETWEEN = "\t";

  /** Writes down what came of a case, one line for each. */
  static void writeDown(Path file, Map<FaithfulCase, String> outcomes) throws IOException {
    Files.write(
        file,
        outcomes.entrySet().stream().map(one -> one.getKey() + BETWEEN + one.getValue()).toList());
  }

  @TestFactory
  Stream<DynamicTest> outcome_isThatOfTheHost() throws IOException {
    Map<String, FaithfulCase> cases =
        FaithfulCases.all().stream()
            .collect(Collectors.toMap(FaithfulCase::toString, Function.identity()));
    List<String> lines = Files.readAllLines(Path.of(System.getenv(EXPECTED)));
    assertThat(lines).as("what the host wrote down").hasSameSizeAs(cases.keySet());
    return lines.stream()
        .map(line -> line.split(BETWEEN, 2))
        .map(one -> DynamicTest.dynamicTest(one[0], () -> assertSame(cases.get(one[0]), one[1])));
  }

  private static void assertSame(FaithfulCase one, String atTheHost) {
    try (Vaccel vaccel = VmGuest.open();
        Session session = vaccel.openSession()) {
      assertThat(Outcome.of(one, session)).isEqualTo(atTheHost);
    }
  }
}
