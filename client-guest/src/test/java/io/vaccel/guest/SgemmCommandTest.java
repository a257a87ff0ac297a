package io.vaccel.guest;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.vaccel.Settings;
import org.junit.jupiter.api.Test;

final class SgemmCommandTest {
  private final Guest guest = new Guest(FakePlugin.remote().multiplying());

  @Test
  void text_saysHowFastAndWhere() {
    assertThat(guest.run("sgemm", "--agent", "vsock:2:2048", "--m", 2, "--n", 3, "--k", 4))
        .isZero();
    assertThat(guest.out())
        .startsWith("sgemm 2 x 3 x 4: ")
        .contains(" GFLOP/s\n", " of 5\n", "where agent vsock:2:2048, plugin onnx, CPU\n", "crc32 ")
        .doesNotContain("region");
    assertThat(guest.err()).isEmpty();
  }

  @Test
  void json_isTheSameForTheSameSeed() {
    assertThat(run("1").get("crc32")).isEqualTo(run("1").get("crc32"));
    assertThat(run("1").get("crc32")).isNotEqualTo(run("2").get("crc32"));
    assertThat(run("1").get("sortedMicros").getAsJsonArray()).hasSize(2);
    assertThat(run("1").get("profile").getAsJsonArray()).isEmpty();
  }

  @Test
  void profile_isShownWhenItIsMeasured() {
    guest.with(Settings.PROFILING, "1");
    assertThat(guest.run("sgemm", "--agent", "vsock:2:2048", "--m", 1, "--n", 1, "--k", 1))
        .isZero();
    assertThat(guest.out()).containsPattern("region +count").containsPattern("blas.sgemm +6 ");
  }

  @Test
  void sizesThatCannotBe_areWrongUsage() {
    for (String[] sizes : new String[][] {{"--m", "-1"}, {"--k", "1000000"}, {"--batch", "0"}}) {
      assertThat(guest.run("sgemm", "--n", 1, sizes[0], sizes[1])).isEqualTo(2);
    }
    assertThat(guest.run("sgemm", "--count", 0)).isEqualTo(2);
    assertThat(guest.err()).contains("matrix a of 1 x -1 x 1024", "--count");
  }

  private static JsonObject run(String seed) {
    Guest fresh = new Guest(FakePlugin.remote().multiplying());
    assertThat(
            fresh.run(
                "sgemm",
                "--agent",
                "vsock:2:2048",
                "--json",
                "--m",
                2,
                "--n",
                2,
                "--k",
                2,
                "--count",
                2,
                "--seed",
                seed))
        .isZero();
    return JsonParser.parseString(fresh.out()).getAsJsonObject();
  }
}
