package io.vaccel.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The clients in other languages against an agent: over a Unix socket and over TCP. */
final class LanguageClientsIT {
  /** What an upload that breaks has sent. */
  private static final int SENT_BYTES = 1 << 20;

  @TempDir static Path directory;

  private static RunningAgent agent;
  private static String unix;
  private static String tcp;

  @BeforeAll
  static void startAgent() throws IOException {
    unix = "unix:" + directory.resolve("agent.sock");
    agent = RunningAgent.start(directory, unix, "--listen", "tcp:127.0.0.1:0");
    tcp = agent.log().replaceAll("(?s).*endpoint=(tcp:127.0.0.1:\\d+).*", "$1");
  }

  @AfterAll
  static void stopAgent() {
    assertThat(agent.stop()).isZero();
  }

  @ParameterizedTest
  @MethodSource("languages")
  void photographs_areWhatTheyShow_overUnix(String language) throws IOException {
    ExpectedPhotos expected = ExpectedPhotos.read();

    Programs.Finished ended =
        client(language).classify(directory, unix, expected.files().toArray());

    assertThat(ended.status()).as(ended.err()).isZero();
    expected.assertMatches(ended.out());
  }

  @ParameterizedTest
  @MethodSource("languages")
  void photograph_isWhatItShows_overTcp(String language) throws IOException {
    Programs.Finished ended = client(language).classify(directory, tcp, coffee());

    assertThat(ended.status()).as(ended.err()).isZero();
    assertThat(ended.out()).contains("\tespresso\t").contains("\tonnx on CPU");
  }

  @ParameterizedTest
  @MethodSource("languages")
  void uploadThatBroke_goesOnWhereItEnded_andIsNotRepeated(String language) throws IOException {
    LanguageClient client = client(language);
    Path own = Files.createDirectory(directory.resolve(language));
    String endpoint = "unix:" + own.resolve("a.sock");
    try (RunningAgent other = RunningAgent.start(own, endpoint)) {
      BrokenUpload.of(Files.readAllBytes(Programs.MODEL), SENT_BYTES, endpoint);

      Programs.Finished first = client.classify(own, endpoint, coffee());
      Programs.Finished second = client.classify(own, endpoint, coffee());

      assertThat(first.status()).as("%s%n%s", first.err(), other.log()).isZero();
      assertThat(first.err()).contains("uploaded " + (modelBytes() - SENT_BYTES) + " bytes");
      assertThat(second.err()).contains("uploaded 0 bytes");
    }
  }

  @ParameterizedTest
  @MethodSource("languages")
  void badPicture_isOneLineWithItsReason_andSpoilsNoOther(String language) throws IOException {
    Path bad = Files.writeString(directory.resolve(language + "-bad.jpg"), "no picture");

    Programs.Finished ended = client(language).classify(directory, unix, bad, coffee());

    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.errorLines())
        .filteredOn(line -> line.startsWith("classify: "))
        .singleElement()
        .asString()
        .contains(bad.toString(), "IMAGE_UNREADABLE");
    assertThat(ended.out()).contains("\tespresso\t");
  }

  @ParameterizedTest
  @MethodSource("languages")
  void nobodyListening_isUnavailable(String language) throws IOException {
    Programs.Finished ended =
        client(language).classify(directory, "unix:" + directory.resolve("nobody"), coffee());

    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.err()).containsIgnoringCase("classify: unavailable: ");
  }

  @ParameterizedTest
  @MethodSource("languages")
  void wrongEndpoint_isWrongUsage(String language) throws IOException {
    Programs.Finished ended = client(language).classify(directory, "ftp:host", coffee());

    assertThat(ended.status()).isEqualTo(2);
    assertThat(ended.err()).contains("ftp:host");
  }

  static List<String> languages() {
    return List.of("python", "go", "node", "rust");
  }

  private static LanguageClient client(String language) throws IOException {
    return new LanguageClient(language).assumeBuilt();
  }

  private static Path coffee() {
    return Programs.PHOTOS.resolve("coffee.jpg");
  }

  /** Bytes of the model and of what lies beside it. */
  private static long modelBytes() throws IOException {
    long bytes = 0;
    for (String suffix : List.of(".onnx", ".json", ".labels.txt")) {
      bytes += Files.size(Programs.MODEL.resolveSibling("efficientnet-lite0" + suffix));
    }
    return bytes;
  }
}
