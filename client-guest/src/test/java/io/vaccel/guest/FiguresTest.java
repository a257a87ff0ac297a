package io.vaccel.guest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiguresTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0 bytes",
    "1023, 1023 bytes",
    "1024, 1.0 KiB",
    "1048524, 1023.9 KiB",
    "1048575, 1.0 MiB",
    "18661376, 17.8 MiB",
    "9223372036854775807, 8388608.0 TiB"
  })
  void bytes_areReadable(long bytes, String text) {
    assertThat(Figures.bytes(bytes)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0 us",
    "81000, 81 us",
    "999499, 999 us",
    "999500, 1.0 ms",
    "12345678, 12.3 ms",
    "99949999, 99.9 ms",
    "99950000, 0.10 s",
    "61000000000, 61.00 s"
  })
  void times_areReadable(long nanos, String text) {
    assertThat(Figures.time(Duration.ofNanos(nanos))).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({"500ms, 500", "30s, 30000", "30, 30000", "2m, 120000", "1h, 3600000"})
  void durations_areRead(String text, long millis) {
    assertThat(new DurationText().convert(text)).isEqualTo(Duration.ofMillis(millis));
  }
}
