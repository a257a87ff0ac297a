package io.vaccel.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing is fetched at run time: the programs do their main job where there is no network. */
final class NoNetworkIT {
  private static final List<String> WITHOUT_NETWORK =
      List.of("unshare", "--user", "--map-root-user", "--net");

  /** $1 the agent, $2 the guest, $3 the model, $4 a photograph; in a directory of its own. */
  private static final String JOB =
      """
      [ "$(tail -n +3 /proc/net/dev | cut -d: -f1 | tr -d ' ')" = lo ] || exit 9
      "$1" --listen unix:$PWD/a.sock --state state >agent.log 2>&1 &
      for i in $(seq 600); do [ -S a.sock ] && break; sleep 0.1; done
      VACCEL_PLUGINS=vsock "$2" classify --agent unix:$PWD/a.sock --model "$3" --top 1 "$4"
      done=$?
      kill %1 && wait %1 && exit $done
      """;

  @TempDir Path directory;

  @Test
  void guestClassifiesAtAnAgent() {
    assumeTrue(
        without("true").status() == 0,
        "this user may not make a namespace without network: unshare --user --net true");
    Programs.Finished job =
        without(
            "bash",
            "-c",
            JOB,
            "job",
            Programs.AGENT,
            Programs.GUEST,
            Programs.MODEL,
            Programs.PHOTOS.resolve("coffee.jpg"));
    assertThat(job.status()).as(job.err()).isZero();
    assertThat(job.out()).contains("espresso", "plugin onnx");
  }

  private Programs.Finished without(Object... command) {
    return Programs.run(
        directory, Stream.concat(WITHOUT_NETWORK.stream(), Arrays.stream(command)).toArray());
  }
}
