package io.vaccel;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegisteredResourceTest {
  private static final Digest ABC =
      new Digest("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  private static final Operation<Use, Noop.Done> USE =
      new Operation<>("test.use", Use.class, Noop.Done.class, false);

  @TempDir private Path directory;
  private final List<String> journal = FakePlugin.journal();
  private final FakePlugin plugin = new FakePlugin("fake", journal);
  private final Vaccel vaccel = Vaccel.builder().plugin(plugin).load();
  private final Session session = vaccel.openSession();

  /** Work with a resource. */
  private record Use(RegisteredResource resource) implements ResourceInput {}

  RegisteredResourceTest() {
    plugin.capabilities = io.vaccel.spi.Capabilities.of("CPU", USE, Operations.NOOP);
  }

  @AfterEach
  void close() {
    vaccel.close();
  }

  @Test
  void registered_isFoundByItsNumber_untilUnregistered() {
    RegisteredResource first = session.register(bytes("1"));
    RegisteredResource second = session.register(bytes("2"));
    assertThat(first.id()).isPositive().isNotEqualTo(second.id());
    assertThat(session.resource(second.id())).containsSame(second);
    second.close();
    second.close();
    assertThat(session.resource(second.id())).isEmpty();
    assertThat(session.resource(first.id())).containsSame(first);
  }

  @Test
  void unregistered_isRefused_beforeAnyPluginIsAsked() {
    RegisteredResource resource = session.register(bytes("1"));
    session.call(USE, new Use(resource));
    resource.close();
    VaccelException failure = Failures.of(() -> session.call(USE, new Use(resource)));
    assertThat(failure.reason()).isEqualTo(Reason.RESOURCE_NOT_FOUND);
    assertThat(failure).hasMessage("test.use: " + resource + " is not registered any more");
    assertThat(journal).containsExactly("fake open", "fake test.use", "fake unregister f");
  }

  @Test
  void ofAnotherSession_isRefused() {
    try (Session other = vaccel.openSession()) {
      RegisteredResource theirs = other.register(bytes("1"));
      assertThat(Failures.of(() -> session.call(USE, new Use(theirs))))
          .hasMessageContaining("belongs to another session")
          .extracting("reason")
          .isEqualTo(Reason.RESOURCE_NOT_FOUND);
      assertThat(session.resource(theirs.id())).isEmpty();
    }
  }

  @Test
  void neverUsed_isNoPluginsBusiness() {
    session.register(bytes("1")).close();
    assertThat(journal).isEmpty();
  }

  @Test
  void closedSession_registersNothing() {
    session.close();
    assertThat(Failures.of(() -> session.register(bytes("1"))).reason()).isEqualTo(Reason.CLOSED);
  }

  @Test
  void sync_followsTheBuffer_andKeepsWhatIsUnchanged() {
    ByteBuffer changing = ByteBuffer.wrap("xbc".getBytes(UTF_8));
    ResourceFile same = ResourceFile.ofBytes("same", ByteBuffer.wrap("s".getBytes(UTF_8)));
    RegisteredResource resource =
        session.register(
            new Resource(
                ResourceKind.DATA, List.of(ResourceFile.ofBytes("changing", changing), same)));
    assertThat(resource.sync()).isFalse();
    changing.put(0, (byte) 'a');
    assertThat(resource.sync()).isTrue();
    assertThat(resource.content().main().digest()).isEqualTo(ABC);
    assertThat(resource.content().files().get(1)).isSameAs(same);
  }

  @Test
  void sync_readsFilesAgain_andAMissingOneIsNamed() throws Exception {
    Path file = Files.writeString(directory.resolve("f"), "x");
    RegisteredResource resource = session.register(Resource.ofFiles(ResourceKind.DATA, file));
    Files.writeString(file, "abc");
    assertThat(resource.sync()).isTrue();
    assertThat(resource.content().main().digest()).isEqualTo(ABC);
    assertThat(resource.content().sizeBytes()).isEqualTo(3);
    Files.delete(file);
    assertThat(Failures.of(resource::sync).reason()).isEqualTo(Reason.FILE_NOT_FOUND);
  }

  @Test
  void byDigestAlone_hasNoContentHere() {
    Resource resource = Resource.ofDigest(ResourceKind.MODEL, "net.onnx", ABC);
    ResourceFile file = resource.main();
    assertThat(file.isHere()).isFalse();
    assertThat(file.sizeBytes()).isEqualTo(ResourceFile.UNKNOWN_SIZE);
    assertThat(resource.sizeBytes()).isZero();
    assertThat(resource.sync()).isEqualTo(resource);
    assertThat(file).hasToString("net.onnx (sha256 ba7816bf8f01)");
    VaccelException failure = Failures.of(() -> file.readAll(100));
    assertThat(failure.reason()).isEqualTo(Reason.CONTENT_MISSING);
    assertThat(failure.details()).containsEntry("digest", ABC.hex());
  }

  private static Resource bytes(String content) {
    return Resource.ofBytes(ResourceKind.DATA, "f", ByteBuffer.wrap(content.getBytes(UTF_8)));
  }
}
