package io.vaccel.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vaccel.Reason;
import io.vaccel.VaccelException;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FetchListTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://h",
        "http://h/a",
        "ftp://h/",
        "/a/",
        "http://u@h/",
        "http://h/?q/",
        "http://h/#/",
        "http://h/a/../b/"
      })
  void prefix_isADirectory(String prefix) {
    assertThatThrownBy(() -> new FetchList(List.of(URI.create(prefix))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("ends with a slash");
  }

  @Test
  void addressThatTheOperatorWroteDown_isMeant() {
    FetchList list = new FetchList(List.of(URI.create("https://127.0.0.1:8443/a/")));
    assertThat(list.check("https://127.0.0.1:8443/a/b?c=d"))
        .isEqualTo(URI.create("https://127.0.0.1:8443/a/b?c=d"));
  }

  @Test
  void nameThatLeadsToAPrivateAddress_isRefused() {
    FetchList list = new FetchList(List.of(URI.create("http://localhost/a/")));
    VaccelException refused =
        catchThrowableOfType(VaccelException.class, () -> list.check("http://localhost/a/b"));
    assertThat(refused.reason()).isEqualTo(Reason.NOT_ALLOWED);
    assertThat(refused).hasMessageContaining("private address");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1/a/b",
        "https://127.0.0.1/b",
        "https://127.0.0.1:444/a/b",
        "https://127.0.0.2/a/b",
        "https://127.0.0.1.example/a/b"
      })
  void otherSchemeHostPortOrPath_isRefused(String url) {
    FetchList list = new FetchList(List.of(URI.create("https://127.0.0.1/a/")));
    assertThat(catchThrowableOfType(VaccelException.class, () -> list.check(url)).reason())
        .isEqualTo(Reason.NOT_ALLOWED);
  }
}
