package io.vaccel.interop;

import static io.vaccel.contract.PluginContract.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.vaccel.ModelSpec;
import io.vaccel.Reason;
import io.vaccel.Resource;
import io.vaccel.ResourceFile;
import io.vaccel.Settings;
import io.vaccel.Vaccel;
import io.vaccel.VaccelException;
import io.vaccel.contract.ExecLibraries;
import io.vaccel.contract.TinyModels;
import io.vaccel.interop.Programs.Finished;
import io.vaccel.transport.Endpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a guest names by URL is fetched by the agent where its operator allows, else by nobody. */
final class ByUrlIT {
  @TempDir private Path directory;

  private final AtomicInteger requests = new AtomicInteger();
  private final Map<String, ResourceFile> served = new ConcurrentHashMap<>();
  private HttpServer server;

  @BeforeEach
  void startServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stopServer() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    requests.incrementAndGet();
    byte[] content = served.get(exchange.getRequestURI().getPath()).readAll(Integer.MAX_VALUE);
    exchange.sendResponseHeaders(200, content.length);
    exchange.getResponseBody().write(content);
    exchange.close();
  }

  private String at(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  /** Where the server has this content from now on. */
  private URI serve(ResourceFile file) {
    served.put("/files/" + file.name(), file);
    return URI.create(at("/files/" + file.name()));
  }

  private RunningAgent agent(String... options) {
    Stream<String> all = Stream.concat(EveryPlugin.execOptions(), Stream.of(options));
    return RunningAgent.start(directory, endpoint().toString(), all.toArray(String[]::new));
  }

  private RunningAgent fetchingAgent() {
    return agent("--fetch-from=" + at("/files/"));
  }

  private Endpoint endpoint() {
    return new Endpoint.Unix(directory.resolve("a.sock").toString());
  }

  /** A model of which the guest has the URL and the digest only. */
  private ModelSpec modelByUrl() {
    ModelSpec whole = TinyModels.spec(TinyModels.sumAndDifference());
    ResourceFile main = whole.resource().main();
    ResourceFile known = ResourceFile.ofUrl(main.name(), serve(main), main.digest());
    return new ModelSpec(new Resource(whole.resource().kind(), List.of(known)), whole.format());
  }

  /** Loads and runs that model in a guest of its own. */
  private long uploadedBytes() {
    return ByDigestIT.uploadedBytes(ByDigestIT.guest(endpoint()), modelByUrl());
  }

  @Test
  void model_isFetchedOnce_whereTheOperatorAllows() {
    try (RunningAgent agent = fetchingAgent()) {
      assertThat(uploadedBytes()).isZero();
      assertThat(uploadedBytes()).isZero();
      assertThat(requests).hasValue(1);
      assertThat(agent.stop()).isZero();
    }
  }

  @Test
  void withoutAList_nobodyFetches() {
    try (RunningAgent agent = agent()) {
      VaccelException failure = failureOf(this::uploadedBytes);
      assertThat(failure.reason()).isEqualTo(Reason.NOT_ALLOWED);
      assertThat(failure)
          .hasMessageContaining("model.load at " + endpoint())
          .hasMessageContaining("this agent fetches nothing");
      Finished exec = exec();
      assertThat(exec.status()).isEqualTo(1);
      assertThat(exec.errorLines())
          .singleElement()
          .asString()
          .contains("this agent fetches nothing");
      assertThat(requests).hasValue(0);
      assertThat(agent.stop()).isZero();
    }
  }

  @Test
  void localPlugin_fetchesNothing() {
    Vaccel.Builder local = Vaccel.builder().set(Settings.PLUGINS, "onnx");
    VaccelException failure = failureOf(() -> ByDigestIT.uploadedBytes(local, modelByUrl()));
    assertThat(failure.reason()).isEqualTo(Reason.CONTENT_MISSING);
    assertThat(failure).hasMessageContaining("'tiny.onnx'");
    assertThat(requests).hasValue(0);
  }

  @Test
  void commandLine_callsALibraryThatTheAgentFetches() {
    try (RunningAgent agent = fetchingAgent()) {
      Finished exec = exec();
      assertThat(exec.err()).isEmpty();
      assertThat(exec.out()).startsWith("0  int32  42\n");
      assertThat(requests).hasValue(2);
      assertThat(agent.stop()).isZero();
    }
  }

  @Test
  void whatIsNoDigestOrUrl_isWrongUsage() {
    String digest = "0".repeat(64);
    assertWrong("sha256:abc@http://a/b", "SHA-256");
    assertWrong("sha256:" + digest + "@http://a b/", "http://a b/");
  }

  private void assertWrong(String file, String mention) {
    Finished refused = Programs.guest(directory, "exec", "--file", file, "f");
    assertThat(refused.status()).isEqualTo(2);
    assertThat(refused.errorLines()).first().asString().contains("--file " + file, mention);
  }

  /** Has a library called that the server has, with the library that it needs. */
  private Finished exec() {
    ExecLibraries libraries = ExecLibraries.compiled();
    return Programs.guest(
        directory,
        "exec",
        "--plugins=vsock",
        "--agent=" + endpoint(),
        "--file=" + byUrl(libraries.dependency()),
        "--file=" + byUrl(libraries.dependent()),
        "work",
        "--read=int32:14",
        "--write=int32");
  }

  private String byUrl(Path library) {
    ResourceFile file = ResourceFile.read(library.getFileName().toString(), library);
    return "sha256:" + file.digest().hex() + "@" + serve(file);
  }
}
