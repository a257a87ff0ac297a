package io.vaccel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResourceNameTest {
  private static final Path BASE = Path.of("/srv/store/content");

  @Property(tries = 5000)
  void acceptedName_staysBelowItsDirectory(@ForAll("tricky") String name) {
    try {
      ResourceName.check(name);
    } catch (VaccelException e) {
      assertThat(e.reason()).isEqualTo(Reason.NAME_INVALID);
      return;
    }
    Path resolved = BASE.resolve(name);
    assertThat(resolved.normalize()).isEqualTo(resolved).startsWithRaw(BASE).isNotEqualTo(BASE);
    assertThat(resolved.getNameCount()).isEqualTo(3 + name.split("/", -1).length);
  }

  @Provide
  Arbitrary<String> tricky() {
    return Arbitraries.frequencyOf(
            net.jqwik.api.Tuple.of(
                5,
                Arbitraries.of("a", "..", ".", "/", "\\", "\0", "net.onnx", " ", "~", "...", "-")),
            net.jqwik.api.Tuple.of(1, Arbitraries.strings().all().ofMaxLength(3)))
        .list()
        .ofMaxSize(8)
        .map(parts -> String.join("", parts));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "net.onnx",
        "variables/variables.data-00000-of-00001",
        "a b (1).pt",
        "..a",
        "a..",
        ".hidden",
        "..."
      })
  void ordinaryNames_areAccepted(String name) {
    assertThat(ResourceName.check(name)).isEqualTo(name);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''| name is empty",
        "/etc/passwd| name is absolute: '/etc/passwd'",
        "../x| name has the part '..': '../x'",
        "a/../../x| name has the part '..': 'a/../../x'",
        "a/./b| name has the part '.': 'a/./b'",
        "a//b| name has the part '': 'a//b'",
        "a/| name has the part '': 'a/'",
        "a\\b| name has a character that is not allowed: 'a\\b'",
        "naïve| name has a character that is not allowed: 'na?ve'"
      })
  void badNames_areRefusedWithTheRule(String name, String message) {
    VaccelException failure = Failures.of(() -> ResourceName.check(name));
    assertThat(failure.reason()).isEqualTo(Reason.NAME_INVALID);
    assertThat(failure).hasMessage(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\0b", "a\nb", "\u202eabc"})
  void invisibleCharacters_areRefused_andNotRepeated(String name) {
    assertThat(Failures.of(() -> ResourceName.check(name)).getMessage())
        .matches("name has a character that is not allowed: '[ -~]+'");
  }

  @ParameterizedTest
  @ValueSource(ints = {513, 10_000, 10_000_000})
  void longNames_areRefusedShortly(int length) {
    assertThat(Failures.of(() -> ResourceName.check("x".repeat(length))))
        .hasMessage("name has " + length + " characters, the limit is 512");
  }

  @org.junit.jupiter.api.Test
  void longPart_isRefused() {
    assertThat(Failures.of(() -> ResourceName.check("a/" + "x".repeat(201))))
        .hasMessage("name has a part of 201 characters, the limit is 200");
  }
}
