package io.vaccel.plugin.vsock;

import static io.vaccel.plugin.vsock.Guests.await;
import static io.vaccel.plugin.vsock.Guests.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.vaccel.CallOptions;
import io.vaccel.Model;
import io.vaccel.ModelFormat;
import io.vaccel.ModelSpec;
import io.vaccel.Reason;
import io.vaccel.Resource;
import io.vaccel.ResourceFile;
import io.vaccel.ResourceKind;
import io.vaccel.Session;
import io.vaccel.Stage;
import io.vaccel.Vaccel;
import io.vaccel.VaccelException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Content travels at most once, goes on where it stopped, and is told about. */
final class UploadIT {
  private static final int MIB = 1 << 20;

  @TempDir private Path directory;
  private FakeAgent agent;
  private Link link;

  @BeforeEach
  void start() {
    agent = FakeAgent.start(directory.resolve("agent.sock"));
    link = Link.open(directory.resolve("link.sock"), agent.endpoint());
  }

  @AfterEach
  void stop() {
    link.close();
    agent.close();
  }

  @Test
  void model_isSentOnce_thenReusedByEverySession() {
    ModelSpec spec = Guests.model(3 * MIB + 17, 1);
    for (int i = 0; i < 2; i++) {
      try (Vaccel vaccel = Guests.at(link.endpoint());
          Session session = vaccel.openSession();
          Model model = session.load(spec, CallOptions.defaults())) {
        assertThat(model.loaded().uploadedBytes()).isEqualTo(i == 0 ? 3 * MIB + 17 : 0);
        assertThat(model.loaded().executedOn().path()).containsExactly(link.endpoint().toString());
        assertThat(model.loaded().executedOn().stages())
            .extracting(Stage::name)
            .containsExactly("upload", "load", "transport");
        assertThat(model.signature().inputs().get(0).name()).isEqualTo("in");
      }
    }
    assertThat(agent.manners().count("UploadContent")).isEqualTo(1);
  }

  @Test
  void ofSeveralFiles_onlyThoseTravelThatTheAgentLacks() {
    ResourceFile graph = Guests.model(MIB, 10).resource().main();
    ResourceFile weights = ResourceFile.ofBytes("weights", ByteBuffer.allocate(2 * MIB));
    ResourceFile others = ResourceFile.ofBytes("weights", ByteBuffer.allocate(3 * MIB + 5));
    ResourceFile copy = ResourceFile.ofBytes("copy", ByteBuffer.allocate(3 * MIB + 5));
    try (Vaccel vaccel = Guests.at(link.endpoint());
        Session session = vaccel.openSession()) {
      assertThat(uploadedBytes(session, graph, weights)).isEqualTo(3 * MIB);
      assertThat(uploadedBytes(session, graph, others, copy)).isEqualTo(3 * MIB + 5);
      assertThat(uploadedBytes(session, graph, weights, copy)).isZero();
    }
    assertThat(agent.manners().count("UploadContent")).isEqualTo(3);
  }

  private static long uploadedBytes(Session session, ResourceFile... files) {
    Resource resource = new Resource(ResourceKind.MODEL, List.of(files));
    ModelSpec spec = new ModelSpec(resource, ModelFormat.ONNX);
    try (Model model = session.load(spec, CallOptions.defaults())) {
      return model.loaded().uploadedBytes();
    }
  }

  @Test
  void brokenUpload_goesOnWhereItStopped() {
    ModelSpec spec = Guests.model(8 * MIB, 2);
    try (Vaccel vaccel = Guests.at(link.endpoint());
        Session session = vaccel.openSession()) {
      session.noop();
      link.cutAfter(5 * MIB);
      try (Model model = session.load(spec, CallOptions.defaults())) {
        assertThat(agent.manners().count("UploadContent")).isEqualTo(2);
        // What was on its way when the connection broke travels twice, the rest once.
        assertThat(model.loaded().uploadedBytes()).isBetween(8L * MIB, 12L * MIB);
      }
    }
  }

  @Test
  void uploadThatBreaksOften_arrives_asLongAsItGetsFurther() {
    ModelSpec spec = Guests.model(24 * MIB, 3);
    try (Vaccel vaccel = Guests.at(link.endpoint(), ClientSettings.RETRIES, "1");
        Session session = vaccel.openSession()) {
      session.noop();
      for (int i = 0; i < 4; i++) {
        agent.manners().before("UploadContent", () -> link.cutAfter(5 * MIB));
      }
      session.load(spec, CallOptions.defaults()).close();
      assertThat(agent.manners().count("UploadContent")).isEqualTo(5);
    }
  }

  @Test
  void progress_isToldAtStartAndEnd_seldomBetween_andOnceWhenReused() {
    ModelSpec spec = Guests.model(16 * MIB, 4);
    try (Vaccel vaccel = Guests.at(link.endpoint());
        Session session = vaccel.openSession()) {
      List<Long> first = new ArrayList<>();
      long start = System.nanoTime();
      session.load(spec, listening(first)).close();
      long tenths = Duration.ofNanos(System.nanoTime() - start).toMillis() / 100;
      assertThat(first).startsWith(0L).endsWith(16L * MIB).isSorted();
      assertThat(first).hasSizeLessThanOrEqualTo((int) tenths + 3);
      List<Long> second = new ArrayList<>();
      session.load(spec, listening(second)).close();
      assertThat(second).containsExactly(16L * MIB);
    }
  }

  private static CallOptions listening(List<Long> done) {
    return CallOptions.defaults()
        .with(
            (what, doneBytes, totalBytes) -> {
              assertThat(what).isEqualTo("net.onnx");
              assertThat(totalBytes).isEqualTo(16L * MIB);
              done.add(doneBytes);
            });
  }

  @Test
  void sameContentAtOnce_isSentOnce() {
    ModelSpec spec = Guests.model(4 * MIB, 5);
    List<Long> sent = Collections.synchronizedList(new ArrayList<>());
    try (Vaccel vaccel = Guests.at(link.endpoint())) {
      List<CompletableFuture<Void>> loads = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        loads.add(
            CompletableFuture.runAsync(
                () -> {
                  try (Session session = vaccel.openSession();
                      Model model = session.load(spec, CallOptions.defaults())) {
                    sent.add(model.loaded().uploadedBytes());
                  }
                }));
      }
      loads.forEach(Guests::await);
    }
    assertThat(sent).hasSize(8).containsOnlyOnce(4L * MIB);
    assertThat(sent.stream().mapToLong(Long::longValue).sum()).isEqualTo(4L * MIB);
  }

  @Test
  void sameContentFromAnotherProcess_isWaitedFor() {
    ModelSpec spec = Guests.model(MIB, 6);
    VaccelException elsewhere =
        new VaccelException(Reason.OFFSET_MISMATCH, "the upload continues at 5");
    try (Vaccel vaccel = Guests.at(link.endpoint());
        Session session = vaccel.openSession()) {
      agent.manners().fail("UploadContent", elsewhere);
      agent.manners().fail("UploadContent", elsewhere);
      try (Model model = session.load(spec, CallOptions.defaults())) {
        assertThat(model.loaded().executedOn().plugin()).isEqualTo("fake");
      }
      assertThat(agent.manners().count("UploadContent")).isEqualTo(3);
    }
  }

  @Test
  void fileThatChangedMeanwhile_isRefused() throws IOException {
    Path file = directory.resolve("net.onnx");
    Files.write(file, Guests.model(MIB, 7).resource().main().readAll(MIB));
    ModelSpec spec = ModelSpec.at(file);
    byte[] other = Guests.model(MIB, 8).resource().main().readAll(MIB);
    Files.write(file, other);
    try (Vaccel vaccel = Guests.at(link.endpoint());
        Session session = vaccel.openSession()) {
      VaccelException changed = failureOf(() -> session.load(spec, CallOptions.defaults()));
      assertThat(changed.reason()).isEqualTo(Reason.CONTENT_MISMATCH);
      assertThat(changed).hasMessageStartingWith("model.load at " + link.endpoint());
      Files.write(file, new byte[] {'M', 1, 2});
      VaccelException shorter = failureOf(() -> session.load(spec, CallOptions.defaults()));
      assertThat(shorter.reason()).isEqualTo(Reason.CONTENT_MISMATCH);
      assertThat(shorter).hasMessageContaining("ends after 3 of 1048576 bytes");
      Files.delete(file);
      VaccelException gone = failureOf(() -> session.load(spec, CallOptions.defaults()));
      assertThat(gone.reason()).isEqualTo(Reason.CONTENT_MISMATCH);
      assertThat(session.noop()).isNotNull();
    }
  }

  @Test
  void refusedModel_isReportedAsTheAgentSaysIt() {
    byte[] text = "no model".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    ModelSpec spec =
        new ModelSpec(
            Resource.ofBytes(ResourceKind.MODEL, "x.onnx", ByteBuffer.wrap(text)),
            ModelFormat.ONNX);
    try (Vaccel vaccel = Guests.at(link.endpoint());
        Session session = vaccel.openSession()) {
      VaccelException failure = failureOf(() -> session.load(spec, CallOptions.defaults()));
      assertThat(failure.reason()).isEqualTo(Reason.MODEL_UNREADABLE);
      assertThat(failure).hasMessage("model.load at " + link.endpoint() + ": the file is no model");
    }
  }

  @Test
  void cancelledUpload_ends_andLeavesTheConnectionUsable() {
    ModelSpec spec = Guests.model(8 * MIB, 9);
    try (Vaccel vaccel = Guests.at(link.endpoint());
        Session session = vaccel.openSession()) {
      io.vaccel.Cancellation cancellation = new io.vaccel.Cancellation();
      FakeManners.Stalled upload = agent.manners().stall("UploadContent");
      CompletableFuture<VaccelException> failure =
          CompletableFuture.supplyAsync(
              () -> failureOf(() -> session.load(spec, CallOptions.defaults().with(cancellation))));
      await(upload.begun());
      cancellation.cancel();
      assertThat(await(failure).reason()).isEqualTo(Reason.CANCELLED);
      await(upload.ended());
      assertThat(session.noop()).isNotNull();
    }
  }
}
