package io.vaccel.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.InvalidProtocolBufferException;
import io.vaccel.v1.FindContentRequest;
import io.vaccel.v1.LoadModelRequest;
import io.vaccel.v1.OpenSessionRequest;
import io.vaccel.v1.RegisterResourceRequest;
import io.vaccel.v1.ResourceFile;
import io.vaccel.v1.ResourceKind;
import io.vaccel.v1.RunModelRequest;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/**
 * What a client in any language reads in the {@code BadRequest} of a request that is no operation,
 * or too long to write down; {@link OperationFieldsIT} has the others.
 */
class FieldsIT extends WithGuest {
  private static final byte[] CONTENT = {1, 2, 3, 4};
  private static final String DIGEST = TestClient.digest(CONTENT);

  @Test
  void sessions() throws Exception {
    OpenSessionRequest named = OpenSessionRequest.newBuilder().setClient("\n").build();
    assertField("client", () -> guest.sessions().openSession(named));
    for (long seconds : new long[] {0, -1, Long.MAX_VALUE}) {
      int nanos = seconds == Long.MAX_VALUE ? 2_000_000_000 : 0;
      Duration lease = Duration.newBuilder().setSeconds(seconds).setNanos(nanos).build();
      OpenSessionRequest request = OpenSessionRequest.newBuilder().setLease(lease).build();
      assertField("lease", () -> guest.sessions().openSession(request));
    }
  }

  @Test
  void contents() throws Exception {
    FindContentRequest digests =
        FindContentRequest.newBuilder()
            .setSessionId(session)
            .addDigests(DIGEST)
            .addDigests("../x")
            .build();
    assertField("digests[1]", () -> guest.resources().findContent(digests));
    assertField("header.digest", () -> guest.startUpload(session, "no", 4, 0).finish());
    assertField("header.size_bytes", () -> guest.startUpload(session, DIGEST, -1, 0).finish());
    assertField("header.offset", () -> guest.startUpload(session, DIGEST, 4, 5).finish());
    assertField("header.offset", () -> guest.startUpload(session, DIGEST, 4, -1).finish());
    assertField(
        "chunk", () -> guest.startUpload(session, DIGEST, 4, 0).chunk(new byte[5]).finish());
    assertField(
        "header.size_bytes",
        () -> guest.startUpload(session, DIGEST, 4, 0).chunk(new byte[3]).finish());
    assertField(
        "header.digest",
        () -> guest.startUpload(session, DIGEST, 4, 0).chunk(new byte[4]).finish());
    assertField("header.size_bytes", () -> guest.writeBuffer(session, CONTENT, -1));
    assertField("header.size_bytes", () -> guest.writeBuffer(session, CONTENT, 1L << 31));
    assertField("header.size_bytes", () -> guest.writeBuffer(session, CONTENT, 5));
    assertField("chunk", () -> guest.writeBuffer(session, CONTENT, 3));
  }

  @Test
  void resourcesAndModels() throws Exception {
    guest.upload(session, CONTENT);
    ResourceFile good = file("a", DIGEST, 4);
    assertField("files", () -> register());
    assertField("files", () -> register(good, good));
    assertField("files[1].name", () -> register(good, file("../b", DIGEST, 4)));
    assertField("files[1].digest", () -> register(good, file("b", "x", 4)));
    assertField("files[1].size_bytes", () -> register(good, file("b", DIGEST, 5)));
    assertField(
        "kind",
        () ->
            guest
                .resources()
                .registerResource(
                    RegisterResourceRequest.newBuilder()
                        .setSessionId(session)
                        .addFiles(good)
                        .build()));
    LoadModelRequest noFormat =
        LoadModelRequest.newBuilder()
            .setSessionId(session)
            .setResourceId(guest.register(session, "net.onnx", DIGEST, 4))
            .build();
    assertField("format", () -> guest.models().loadModel(noFormat));
  }

  @Test
  void runOptions() throws Exception {
    RunModelRequest run =
        guest
            .runRequest(session, guest.loadModel(session, CONTENT), guest.inline(CONTENT), 4)
            .setRunOptions(ByteString.copyFrom(new byte[(1 << 16) + 1]))
            .build();
    assertField("run_options", () -> guest.models().runModel(run));
  }

  private void register(ResourceFile... files) {
    RegisterResourceRequest.Builder request =
        RegisterResourceRequest.newBuilder()
            .setSessionId(session)
            .setKind(ResourceKind.RESOURCE_KIND_DATA);
    for (ResourceFile file : files) {
      request.addFiles(file);
    }
    var unused = guest.resources().registerResource(request.build());
  }

  private static ResourceFile file(String name, String digest, long bytes) {
    return ResourceFile.newBuilder().setName(name).setDigest(digest).setSizeBytes(bytes).build();
  }

  private static void assertField(String field, ThrowingCallable call)
      throws InvalidProtocolBufferException {
    assertThat(TestClient.field(call)).isEqualTo(field);
  }
}
