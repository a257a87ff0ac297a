package io.vaccel.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaccel.Reason;
import io.vaccel.v1.ContentStatus;
import io.vaccel.v1.LoadModelRequest;
import io.vaccel.v1.ModelFormat;
import io.vaccel.v1.RegisterResourceRequest;
import io.vaccel.v1.ResourceFile;
import io.vaccel.v1.ResourceKind;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UploadIT extends WithGuest {
  @Test
  void vanishedClient_leavesAPartialThatContinues() {
    byte[] content = random(1_000_000);
    String digest = TestClient.digest(content);
    TestClient.Upload broken = guest.startUpload(session, digest, content.length, 0);
    broken.chunk(Arrays.copyOf(content, 300_000));
    Eventually.isTrue("it has arrived", () -> running.agent.load().storeBytes() == 300_000);
    broken.vanish();
    Eventually.isTrue("the call is over", () -> running.agent.load().calls() == 0);

    ContentStatus status = guest.find(session, digest);
    assertThat(status.getComplete()).isFalse();
    assertThat(status.getReceivedBytes()).isEqualTo(300_000);

    assertThat(
            guest
                .startUpload(session, digest, content.length, 300_000)
                .chunk(Arrays.copyOfRange(content, 300_000, content.length))
                .finish()
                .getSizeBytes())
        .isEqualTo(1_000_000);
    assertThat(guest.find(session, digest).getComplete()).isTrue();
    assertThat(running.agent.load().storeBytes()).isEqualTo(1_000_000);
  }

  @Test
  void wrongOffset_isToldTheRightOne() {
    byte[] content = random(100);
    var error =
        TestClient.error(
            () -> guest.startUpload(session, TestClient.digest(content), 100, 7).finish());
    assertThat(error.reason()).isEqualTo(Reason.OFFSET_MISMATCH);
    assertThat(error.details()).containsEntry("received_bytes", "0");
  }

  @Test
  void contentThatIsThere_isNotTakenAgain() {
    byte[] content = random(100);
    String digest = guest.upload(session, content);
    assertThat(guest.startUpload(session, digest, 100, 0).finish().getSizeBytes()).isEqualTo(100);
  }

  @Test
  void wrongDigest_isRefusedAndNothingStays() {
    byte[] content = random(100);
    var error =
        TestClient.error(
            () ->
                guest
                    .startUpload(session, TestClient.digest(random(101)), 100, 0)
                    .chunk(content)
                    .finish());
    assertThat(error.reason()).isEqualTo(Reason.CONTENT_MISMATCH);
    Eventually.isTrue("nothing is stored", () -> running.agent.load().storeBytes() == 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "abc", "../../../../etc/passwd", "ZZ"})
  void digestThatIsNone_isRefused(String digest) {
    assertThat(TestClient.error(() -> guest.find(session, digest)).reason())
        .isEqualTo(Reason.ARGUMENT_INVALID);
    assertThat(TestClient.error(() -> guest.startUpload(session, digest, 1, 0).finish()).reason())
        .isEqualTo(Reason.ARGUMENT_INVALID);
    assertThat(TestClient.error(() -> guest.register(session, "a", digest, 1)).reason())
        .isEqualTo(Reason.ARGUMENT_INVALID);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "..",
        "../evil",
        "a/../../evil",
        "/etc/passwd",
        "a//b",
        "a/",
        "a\u0000b",
        "a\\b",
        "a\nb",
        "long"
      })
  void badName_isRefusedAndNothingIsPinned(String given) {
    String name = given.equals("long") ? "x".repeat(10_000) : given;
    String digest = guest.upload(session, random(10));

    assertThat(TestClient.error(() -> guest.register(session, name, digest, 10)).reason())
        .isEqualTo(Reason.NAME_INVALID);

    guest.register(session, "good/name.onnx", digest, 10);
  }

  @Test
  void missingContent_isNamed() {
    String digest = TestClient.digest(random(10));
    var error = TestClient.error(() -> guest.register(session, "a", digest, 10));
    assertThat(error.reason()).isEqualTo(Reason.CONTENT_MISSING);
    assertThat(error.details()).containsEntry("digest", digest);
  }

  @Test
  void otherSizeThanTheContents_isRefused() {
    String digest = guest.upload(session, random(10));
    assertThat(TestClient.error(() -> guest.register(session, "a", digest, 11)).reason())
        .isEqualTo(Reason.CONTENT_MISMATCH);
  }

  @Test
  void resourceWithoutFilesKindOrWithOneNameTwice_isRefused() {
    String digest = guest.upload(session, random(10));
    ResourceFile file =
        ResourceFile.newBuilder().setName("a").setDigest(digest).setSizeBytes(10).build();
    RegisterResourceRequest.Builder request =
        RegisterResourceRequest.newBuilder().setSessionId(session);

    assertThat(
            TestClient.error(
                    () ->
                        guest
                            .resources()
                            .registerResource(
                                request.clone().setKind(ResourceKind.RESOURCE_KIND_MODEL).build()))
                .reason())
        .isEqualTo(Reason.ARGUMENT_INVALID);
    assertThat(
            TestClient.error(
                    () ->
                        guest.resources().registerResource(request.clone().addFiles(file).build()))
                .reason())
        .isEqualTo(Reason.ARGUMENT_INVALID);
    assertThat(
            TestClient.error(
                    () ->
                        guest
                            .resources()
                            .registerResource(
                                request
                                    .clone()
                                    .setKind(ResourceKind.RESOURCE_KIND_MODEL)
                                    .addFiles(file)
                                    .addFiles(file)
                                    .build()))
                .reason())
        .isEqualTo(Reason.NAME_INVALID);
  }

  @Test
  void unregisteredResource_isUnknown_butItsModelStays() {
    byte[] content = random(10);
    String resource = guest.register(session, "a", guest.upload(session, content), 10);
    String model = guest.load(session, resource);
    var unused =
        guest
            .resources()
            .unregisterResource(
                io.vaccel.v1.UnregisterResourceRequest.newBuilder()
                    .setSessionId(session)
                    .setResourceId(resource)
                    .build());
    assertThat(TestClient.error(() -> guest.load(session, resource)).reason())
        .isEqualTo(Reason.RESOURCE_NOT_FOUND);
    guest.run(session, model, guest.inline(content), 10);
  }

  @Test
  void dataResource_isNoModel() {
    String digest = guest.upload(session, random(10));
    String data =
        guest
            .resources()
            .registerResource(
                RegisterResourceRequest.newBuilder()
                    .setSessionId(session)
                    .setKind(ResourceKind.RESOURCE_KIND_DATA)
                    .addFiles(
                        ResourceFile.newBuilder().setName("a").setDigest(digest).setSizeBytes(10))
                    .build())
            .getResourceId();
    assertThat(TestClient.error(() -> guest.load(session, data)).reason())
        .isEqualTo(Reason.ARGUMENT_INVALID);
  }

  @Test
  void unknownFormat_isRefused() {
    String resource = guest.register(session, "a", guest.upload(session, random(10)), 10);
    assertThat(
            TestClient.error(
                    () ->
                        guest
                            .models()
                            .loadModel(
                                LoadModelRequest.newBuilder()
                                    .setSessionId(session)
                                    .setResourceId(resource)
                                    .setFormat(ModelFormat.MODEL_FORMAT_UNSPECIFIED)
                                    .build()))
                .reason())
        .isEqualTo(Reason.ARGUMENT_INVALID);
  }

  private static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }
}
