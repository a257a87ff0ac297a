package io.vaccel.agent;

import io.vaccel.Cancellation;
import io.vaccel.Digest;
import io.vaccel.Reason;
import io.vaccel.VaccelException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches content into the store from where the operator allows; safe for use by several threads.
 *
 * <p>What comes counts against the quotas of the peer that asked, and is believed only when it has
 * the SHA-256 that the peer named. A redirect is followed when its target is allowed too.
 */
final class ContentFetch {
  private static final Logger LOG = LoggerFactory.getLogger(ContentFetch.class);
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
  private static final int MAX_REDIRECTS = 5;
  private static final int BLOCK_BYTES = 1 << 16;

  private final Supplier<FetchList> allowed;
  private final ContentStore store;

  /** Fetches from where the list that {@code allowed} gives at that moment says. */
  ContentFetch(Supplier<FetchList> allowed, ContentStore store) {
    this.allowed = allowed;
    this.store = store;
  }

  /**
   * Sees to it that the content is in the store; returns its size.
   *
   * @throws VaccelException {@link Reason#NOT_ALLOWED}, {@link Reason#CONTENT_MISSING} when the
   *     server does not give it, {@link Reason#CONTENT_MISMATCH} when it is other content
   */
  long fetch(Digest digest, String url, CallScope scope) {
    ContentStatus status = store.status(scope.peer().owner(), digest);
    if (status.complete()) {
      return status.receivedBytes();
    }
    URI address = allowed.get().check(url);
    try {
      HttpResponse<InputStream> response = get(address, scope);
      try (InputStream body = response.body()) {
        Cancellation.Registration stop = scope.cancellation().onCancel(() -> closeQuietly(body));
        try {
          long size = response.headers().firstValueAsLong("Content-Length").orElse(-1);
          if (response.statusCode() != 200 || size < 0) {
            throw missing(
                response.statusCode() == 200
                    ? "the server does not say how large it is"
                    : "the server answers " + response.statusCode());
          }
          return take(digest, size, body, scope);
        } finally {
          stop.close();
        }
      }
    } catch (IOException e) {
      scope.options();
      LOG.info("fetching failed url={}", address, e);
      throw new VaccelException(
          Reason.CONTENT_MISSING, "the content could not be fetched: the connection failed", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new VaccelException(Reason.CANCELLED, "the agent is stopping", e);
    }
  }

  private HttpResponse<InputStream> get(URI address, CallScope scope)
      throws IOException, InterruptedException {
    // A client for each content: it must not keep connections that nobody uses again.
    HttpClient client =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(CONNECT_TIMEOUT)
            .version(HttpClient.Version.HTTP_1_1)
            .build();
    URI next = address;
    for (int hop = 0; hop <= MAX_REDIRECTS; hop++) {
      HttpRequest request =
          HttpRequest.newBuilder(next).timeout(scope.options().timeout()).GET().build();
      HttpResponse<InputStream> response =
          client.send(request, HttpResponse.BodyHandlers.ofInputStream());
      Optional<String> target =
          response.statusCode() / 100 == 3
              ? response.headers().firstValue("Location")
              : Optional.empty();
      if (target.isEmpty()) {
        return response;
      }
      response.body().close();
      try {
        next = allowed.get().check(next.resolve(target.get()).toString());
      } catch (IllegalArgumentException e) {
        throw missing("the server redirects to no URL");
      }
    }
    throw missing("the server redirects more than " + MAX_REDIRECTS + " times");
  }

  private long take(Digest digest, long size, InputStream body, CallScope scope)
      throws IOException {
    Optional<ContentUpload> begun = store.upload(scope.peer().owner(), digest, size, 0);
    if (begun.isEmpty()) {
      return size;
    }
    try (ContentUpload upload = begun.get()) {
      byte[] block = new byte[BLOCK_BYTES];
      for (int n = body.read(block); n >= 0; n = body.read(block)) {
        scope.options();
        upload.write(ByteBuffer.wrap(block, 0, n));
      }
      long fetched = upload.finish();
      LOG.info("fetched digest={} bytes={}", digest.abbreviated(), fetched);
      return fetched;
    }
  }

  private static void closeQuietly(InputStream body) {
    try {
      body.close();
    } catch (IOException e) {
      LOG.debug("closing a connection", e);
    }
  }

  private static VaccelException missing(String why) {
    return new VaccelException(Reason.CONTENT_MISSING, "the content could not be fetched: " + why);
  }
}
