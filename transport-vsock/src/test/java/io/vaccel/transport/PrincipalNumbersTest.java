package io.vaccel.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PrincipalNumbersTest {
  private static final UserPrincipalLookupService NAMES =
      FileSystems.getDefault().getUserPrincipalLookupService();

  private final List<String> asked = new ArrayList<>();
  private boolean down;
  private final PrincipalNumbers numbers = new PrincipalNumbers(this::find);

  private UserPrincipal find(String name) throws IOException {
    asked.add(name);
    if (down) {
      throw new IOException("the directory does not answer");
    }
    return NAMES.lookupPrincipalByName(name);
  }

  private static UserPrincipal user(int number) throws IOException {
    return NAMES.lookupPrincipalByName(Integer.toString(number));
  }

  @Test
  void sameUser_isLookedUpOnce() throws IOException {
    assertThat(numbers.of(user(4711))).hasValue(4711);
    assertThat(numbers.of(user(4711))).hasValue(4711);
    assertThat(numbers.of(user(4712))).hasValue(4712);
    assertThat(asked).containsExactly("4711", "4712");
  }

  @Test
  void failedLookup_isNotKept() throws IOException {
    down = true;
    assertThat(numbers.of(user(4711))).isEmpty();
    down = false;
    assertThat(numbers.of(user(4711))).hasValue(4711);
  }

  @Test
  void manyUsers_pushOutTheFirst() throws IOException {
    for (int number = 100_000; number < 101_100; number++) {
      assertThat(numbers.of(user(number))).hasValue(number);
    }
    asked.clear();
    assertThat(numbers.of(user(101_099))).hasValue(101_099);
    assertThat(asked).isEmpty();
    assertThat(numbers.of(user(100_000))).hasValue(100_000);
    assertThat(asked).containsExactly("100000");
  }
}
