package io.vaccel.agent;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.vaccel.Reason;
import io.vaccel.VaccelException;
import io.vaccel.v1.FetchContentRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Content by URL: from where the operator allows, with the right SHA-256, and not otherwise. */
final class FetchIT {
  private static final byte[] CONTENT = "weights".repeat(50_000).getBytes(UTF_8);

  @TempDir private Path directory;
  private final AtomicInteger requests = new AtomicInteger();
  private final CompletableFuture<Void> endOfStall = new CompletableFuture<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private HttpServer server;
  private RunningAgent running;
  private TestClient guest;
  private String session;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
    open(new FetchList(List.of(URI.create(at("/models/")))), Quota.defaults());
  }

  private void open(FetchList list, Quota quota) throws IOException {
    running = RunningAgent.start(directory, builder -> builder.fetch(list).quota(quota));
    guest = running.client();
    session = guest.openSession();
  }

  @AfterEach
  void stop() {
    endOfStall.complete(null);
    running.close();
    server.stop(0);
    threads.shutdownNow();
  }

  private String at(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  private void answer(HttpExchange exchange) throws IOException {
    requests.incrementAndGet();
    String path = exchange.getRequestURI().getPath();
    switch (path) {
      case "/models/net", "/models/moved-here" -> {
        exchange.sendResponseHeaders(200, CONTENT.length);
        exchange.getResponseBody().write(CONTENT);
      }
      case "/models/stalls" -> {
        exchange.sendResponseHeaders(200, CONTENT.length);
        exchange.getResponseBody().write(CONTENT, 0, 10_000);
        exchange.getResponseBody().flush();
        endOfStall.join();
      }
      case "/models/breaks" -> {
        exchange.sendResponseHeaders(200, CONTENT.length);
        exchange.getResponseBody().write(CONTENT, 0, 10_000);
      }
      case "/models/endless" -> exchange.sendResponseHeaders(200, 0);
      case "/models/moved" -> redirect(exchange, "moved-here");
      case "/models/away" -> redirect(exchange, at("/private/net"));
      case "/models/circle" -> redirect(exchange, "circle");
      default -> exchange.sendResponseHeaders(404, -1);
    }
    exchange.close();
  }

  private static void redirect(HttpExchange exchange, String target) throws IOException {
    exchange.getResponseHeaders().set("Location", target);
    exchange.sendResponseHeaders(302, -1);
  }

  private long fetch(String url, String digest) {
    return guest
        .resources()
        .fetchContent(
            FetchContentRequest.newBuilder()
                .setSessionId(session)
                .setDigest(digest)
                .setUrl(url)
                .build())
        .getSizeBytes();
  }

  private VaccelException refusal(String url) {
    return TestClient.error(() -> fetch(url, TestClient.digest(CONTENT)));
  }

  @Test
  void allowedUrl_isFetchedOnce_andUsedLikeAnUpload() {
    String digest = TestClient.digest(CONTENT);
    assertThat(fetch(at("/models/net"), digest)).isEqualTo(CONTENT.length);
    assertThat(fetch(at("/models/net"), digest)).isEqualTo(CONTENT.length);
    assertThat(requests).hasValue(1);
    assertThat(guest.find(session, digest).getComplete()).isTrue();
    assertThat(guest.register(session, "net", digest, CONTENT.length)).isNotEmpty();
  }

  @Test
  void redirect_isFollowedWithinTheList_only() {
    assertThat(fetch(at("/models/moved"), TestClient.digest(CONTENT))).isEqualTo(CONTENT.length);
    assertThat(refusalOfOther("/models/away").reason()).isEqualTo(Reason.NOT_ALLOWED);
    assertThat(refusalOfOther("/models/circle"))
        .hasMessageContaining("redirects more than 5 times");
  }

  /** For content that is not there yet. */
  private VaccelException refusalOfOther(String path) {
    return TestClient.error(() -> fetch(at(path), "0".repeat(64)));
  }

  @Test
  void otherContent_isNotTaken() {
    VaccelException failure = refusalOfOther("/models/net");
    assertThat(failure.reason()).isEqualTo(Reason.CONTENT_MISMATCH);
    assertThat(running.agent.load().storeBytes()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/private/net",
        "/models",
        "/models/../private/net",
        "/models/%2e%2e/private/net",
        "/models/..%2fprivate/net",
        "/models//../../private"
      })
  void otherPath_isRefused_withoutARequest(String path) {
    assertThat(refusal(at(path)).reason()).isIn(Reason.NOT_ALLOWED, Reason.ARGUMENT_INVALID);
    assertThat(requests).hasValue(0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "file:///etc/passwd",
        "ftp://127.0.0.1/models/net",
        "http://user@127.0.0.1/models/net",
        "http:///models/net",
        "models/net",
        "",
        "http://127.0.0.1:1/models/net"
      })
  void otherPlace_isRefused(String url) {
    assertThat(refusal(url).reason()).isIn(Reason.NOT_ALLOWED, Reason.ARGUMENT_INVALID);
  }

  @Test
  void whatTheServerDoesNotGive_isMissing() {
    assertThat(refusal(at("/models/none")).reason()).isEqualTo(Reason.CONTENT_MISSING);
    assertThat(refusal(at("/models/none"))).hasMessageContaining("answers 404");
    assertThat(refusal(at("/models/endless"))).hasMessageContaining("how large");
    assertThat(refusal(at("/models/breaks")).reason()).isEqualTo(Reason.CONTENT_MISSING);
  }

  @Test
  void deadline_endsAFetch() {
    FetchContentRequest request =
        FetchContentRequest.newBuilder()
            .setSessionId(session)
            .setDigest(TestClient.digest(CONTENT))
            .setUrl(at("/models/stalls"))
            .build();
    var late =
        TestClient.error(
            () ->
                guest
                    .resources()
                    .withDeadlineAfter(1, java.util.concurrent.TimeUnit.SECONDS)
                    .fetchContent(request));
    assertThat(late.reason()).isEqualTo(Reason.DEADLINE_EXCEEDED);
    Eventually.isTrue("the call is over", () -> running.agent.load().calls() == 0);
  }

  @Test
  void largerThanTheQuota_isRefusedByItsLength() throws IOException {
    running.close();
    open(
        new FetchList(List.of(URI.create(at("/models/")))),
        Quota.defaults().with(Limit.CONTENT_BYTES, 1000));
    assertThat(refusal(at("/models/net")).reason()).isEqualTo(Reason.QUOTA_EXCEEDED);
  }

  @Test
  void withoutAList_nothingIsFetched() throws IOException {
    running.close();
    open(FetchList.NOWHERE, Quota.defaults());
    assertThat(refusal(at("/models/net"))).hasMessageContaining("this agent fetches nothing");
    assertThat(requests).hasValue(0);
  }
}
