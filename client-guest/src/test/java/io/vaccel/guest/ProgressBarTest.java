package io.vaccel.guest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ProgressBarTest {
  private static final long MIB = 1 << 20;
  private static final String ERASE = "\r\u001b[K";

  private final StringWriter written = new StringWriter();
  private long nowNanos = 1_000;

  @Test
  void longUpload_showsShareAmountAndRate_andIsErased() {
    ProgressBar bar = bar(new Screen(true, 100, false, true));
    bar.moved("net.onnx", 0, 10 * MIB);
    after(500);
    bar.moved("net.onnx", 5 * MIB, 10 * MIB);
    after(500);
    bar.moved("net.onnx", 10 * MIB, 10 * MIB);
    bar.close();
    assertThat(written)
        .hasToString(
            ERASE
                + "net.onnx [████████████            ]  50 %  5.0 MiB of 10.0 MiB  10.0 MiB/s"
                + ERASE
                + "net.onnx [████████████████████████] 100 %  10.0 MiB of 10.0 MiB  10.0 MiB/s"
                + ERASE);
  }

  @Test
  void shortUpload_showsNothing() {
    ProgressBar bar = bar(new Screen(true, 100, false, true));
    bar.moved("net.json", 0, 100);
    after(100);
    bar.moved("net.json", 100, 100);
    bar.close();
    assertThat(written).hasToString("");
  }

  @Test
  void withoutATerminal_nothingIsWritten() {
    ProgressBar bar = bar(Guest.PIPE);
    bar.moved("net.onnx", 0, 10 * MIB);
    after(5_000);
    bar.moved("net.onnx", 5 * MIB, 10 * MIB);
    bar.close();
    assertThat(written).hasToString("");
  }

  @Test
  void resumedUpload_countsOnlyWhatIsSentNow_forItsRate() {
    ProgressBar bar = bar(new Screen(true, 100, false, false));
    bar.moved("net.onnx", 8 * MIB, 10 * MIB);
    after(1_000);
    bar.moved("net.onnx", 9 * MIB, 10 * MIB);
    assertThat(written.toString()).endsWith("  90 %  9.0 MiB of 10.0 MiB  1.0 MiB/s");
  }

  @Test
  void manySteps_areDrawnTenTimesASecond() {
    ProgressBar bar = bar(new Screen(true, 100, false, true));
    for (int i = 0; i <= 1000; i++) {
      bar.moved("net.onnx", i, 1001);
      after(1);
    }
    // Nothing in the first 200 ms, then one every 100 ms.
    assertThat(written.toString().split("\r", -1)).hasSize(1 + 9);
  }

  @Test
  void line_neverWraps() {
    ProgressBar bar = bar(new Screen(true, 20, false, true));
    bar.moved("a-very-long-name-of-a-model.onnx", 0, 10 * MIB);
    after(500);
    bar.moved("a-very-long-name-of-a-model.onnx", 5 * MIB, 10 * MIB);
    assertThat(written.toString()).isEqualTo(ERASE + "a-very-long-name-of");
  }

  @Test
  void oddTotals_doNotBreakIt() {
    ProgressBar bar = bar(new Screen(true, 100, false, true));
    bar.moved("empty", 0, 0);
    after(500);
    bar.moved("empty", 0, 0);
    bar.moved("more", 0, 5);
    after(500);
    bar.moved("more", 9, 5);
    assertThat(written.toString()).contains("100 %  0 bytes of 0 bytes", "100 %  9 bytes of 5");
  }

  private ProgressBar bar(Screen screen) {
    return new ProgressBar(new PrintWriter(written), screen, () -> nowNanos);
  }

  private void after(long millis) {
    nowNanos += TimeUnit.MILLISECONDS.toNanos(millis);
  }
}
