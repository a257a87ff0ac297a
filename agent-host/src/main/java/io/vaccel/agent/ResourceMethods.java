package io.vaccel.agent;

import io.vaccel.Digest;
import io.vaccel.Reason;
import io.vaccel.VaccelException;
import io.vaccel.v1.FetchContentRequest;
import io.vaccel.v1.FetchContentResponse;
import io.vaccel.v1.FindContentRequest;
import io.vaccel.v1.FindContentResponse;
import io.vaccel.v1.RegisterResourceRequest;
import io.vaccel.v1.RegisterResourceResponse;
import io.vaccel.v1.ResourceServiceGrpc;
import io.vaccel.v1.UnregisterResourceRequest;
import io.vaccel.v1.UnregisterResourceResponse;
import io.vaccel.wire.Codec;
import java.util.ArrayList;
import java.util.List;

/** {@code ResourceService}: content by digest, and the resources made of it. */
final class ResourceMethods {
  private static final int MAX_DIGESTS = 10_000;

  private final Sessions sessions;
  private final ContentStore store;
  private final Quota quota;
  private final ContentFetch fetch;

  ResourceMethods(Sessions sessions, ContentStore store, Quota quota, ContentFetch fetch) {
    this.fetch = fetch;
    this.sessions = sessions;
    this.store = store;
    this.quota = quota;
  }

  void bind(Services services, Calls calls) {
    services.bind(ResourceServiceGrpc.getFindContentMethod(), calls.unary(this::find));
    services.bind(
        ResourceServiceGrpc.getUploadContentMethod(),
        calls.receiving(
            scope -> new ContentReceiver(sessions, store, quota.count(Limit.CHUNK_BYTES), scope)));
    services.bind(ResourceServiceGrpc.getFetchContentMethod(), calls.unary(this::fetch));
    services.bind(ResourceServiceGrpc.getRegisterResourceMethod(), calls.unary(this::register));
    services.bind(ResourceServiceGrpc.getUnregisterResourceMethod(), calls.unary(this::unregister));
  }

  private FindContentResponse find(FindContentRequest request, CallScope scope) {
    sessions.enter(request.getSessionId(), scope);
    if (request.getDigestsCount() > MAX_DIGESTS) {
      throw new VaccelException(
              Reason.ARGUMENT_INVALID,
              request.getDigestsCount() + " digests, the limit is " + MAX_DIGESTS)
          .with("field", "digests");
    }
    FindContentResponse.Builder response = FindContentResponse.newBuilder();
    for (int i = 0; i < request.getDigestsCount(); i++) {
      String hex = request.getDigests(i);
      ContentStatus status = store.status(scope.peer().owner(), digest("digests[" + i + "]", hex));
      response.addContents(
          io.vaccel.v1.ContentStatus.newBuilder()
              .setDigest(hex)
              .setComplete(status.complete())
              .setReceivedBytes(status.receivedBytes()));
    }
    return response.build();
  }

  private FetchContentResponse fetch(FetchContentRequest request, CallScope scope) {
    sessions.enter(request.getSessionId(), scope);
    return FetchContentResponse.newBuilder()
        .setSizeBytes(fetch.fetch(new Digest(request.getDigest()), request.getUrl(), scope))
        .build();
  }

  private RegisterResourceResponse register(RegisterResourceRequest request, CallScope scope) {
    AgentSession session = sessions.enter(request.getSessionId(), scope);
    SessionResources.Registered registered =
        session
            .resources()
            .register(Codec.decode(request.getKind()), wanted(request.getFilesList()));
    scope.onUndelivered(() -> session.resources().unregister(registered.id()));
    return RegisterResourceResponse.newBuilder()
        .setResourceId(registered.id())
        .setNumber(registered.resource().id())
        .build();
  }

  private static List<PinnedFiles.Wanted> wanted(List<io.vaccel.v1.ResourceFile> files) {
    List<PinnedFiles.Wanted> wanted = new ArrayList<>(files.size());
    for (io.vaccel.v1.ResourceFile file : files) {
      Digest digest = digest("files[" + wanted.size() + "].digest", file.getDigest());
      wanted.add(new PinnedFiles.Wanted(file.getName(), digest, file.getSizeBytes()));
    }
    return wanted;
  }

  private static Digest digest(String field, String hex) {
    try {
      return new Digest(hex);
    } catch (VaccelException e) {
      throw e.with(VaccelException.FIELD, field);
    }
  }

  private UnregisterResourceResponse unregister(
      UnregisterResourceRequest request, CallScope scope) {
    sessions.enter(request.getSessionId(), scope).resources().unregister(request.getResourceId());
    return UnregisterResourceResponse.getDefaultInstance();
  }
}
