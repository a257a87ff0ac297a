package io.vaccel;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The models of generic calls that several threads use, and let go of, at the same time. */
@Timeout(60)
final class ResourceModelsTest {
  private static final String LOAD = "fake load net.onnx";
  private static final String RUN = "fake model.run";
  private static final String UNLOAD = "fake unload net.onnx";

  private final List<String> journal = FakePlugin.journal();
  private final FakePlugin plugin = new FakePlugin("fake", journal);
  private final Vaccel vaccel = Vaccel.builder().plugin(plugin).load();
  private final Session session = vaccel.openSession();
  private final ByteBuffer content = ByteBuffer.wrap(new byte[] {1, 2, 3});
  private final RegisteredResource resource =
      session.register(Resource.ofBytes(ResourceKind.MODEL, "net.onnx", content));
  private final CountDownLatch entered = new CountDownLatch(1);
  private final CountDownLatch goOn = new CountDownLatch(1);
  private final CountDownLatch unloaded = new CountDownLatch(1);

  ResourceModelsTest() {
    plugin.onUnload = unloaded::countDown;
  }

  @AfterEach
  void close() {
    goOn.countDown();
    vaccel.close();
  }

  @Test
  void unloading_letsThePictureEndThatNeedsTheModel() throws Exception {
    assertPictureEndsAfter(() -> call(GenericCode.TF_MODEL_UNLOAD));
  }

  @Test
  void unregistering_letsThePictureEndThatNeedsTheModel() throws Exception {
    assertPictureEndsAfter(resource::close);
  }

  @Test
  void loadingWhatWasSynced_letsThePictureEndThatNeedsTheModel() throws Exception {
    assertPictureEndsAfter(
        () -> {
          content.put(0, (byte) 9);
          assertThat(resource.sync()).isTrue();
          call(GenericCode.TF_MODEL_LOAD);
        });
  }

  @Test
  void callsThatNeedAModelAtOnce_shareOneLoading() throws Exception {
    holdLoading();
    CompletableFuture<?> first =
        CompletableFuture.runAsync(() -> call(GenericCode.TF_MODEL_LOAD), Waits.THREADS);
    Waits.until(entered);
    CompletableFuture<?> second = CompletableFuture.runAsync(this::classify, Waits.THREADS);
    GenericCall load = generic(GenericCode.TF_MODEL_LOAD);
    CallOptions brief = CallOptions.within(Duration.ofMillis(50));
    assertThat(Failures.of(() -> session.call(Operations.GENERIC_CALL, load, brief)).reason())
        .isEqualTo(Reason.DEADLINE_EXCEEDED);
    goOn.countDown();
    first.get(20, SECONDS);
    second.get(20, SECONDS);
    assertThat(journal).containsOnlyOnce(LOAD).doesNotContain(UNLOAD);
  }

  @Test
  void resourceThatIsUnregisteredDuringTheLoading_leavesNoModel() throws Exception {
    holdLoading();
    CompletableFuture<?> load =
        CompletableFuture.runAsync(() -> call(GenericCode.TF_MODEL_LOAD), Waits.THREADS);
    Waits.until(entered);
    resource.close();
    goOn.countDown();
    load.get(20, SECONDS);
    Waits.until(unloaded);
    assertThat(session.dispatcher().modelCount()).isZero();
  }

  @Test
  void loadingThatFails_isTriedAgain_andCountsAsNotLoaded() {
    plugin.onLoad =
        (model, call) -> {
          throw new VaccelException(Reason.MODEL_UNREADABLE, "not ONNX");
        };
    assertThat(Failures.of(() -> call(GenericCode.TF_MODEL_LOAD)).reason())
        .isEqualTo(Reason.MODEL_UNREADABLE);
    assertThat(Failures.of(() -> call(GenericCode.TF_MODEL_UNLOAD)).reason())
        .isEqualTo(Reason.MODEL_NOT_FOUND);
    plugin.onLoad = (model, call) -> {};
    call(GenericCode.TF_MODEL_LOAD);
    call(GenericCode.TF_MODEL_UNLOAD);
    assertThat(journal).containsExactly("fake open", LOAD, LOAD, UNLOAD);
  }

  private void assertPictureEndsAfter(Runnable lettingGo) throws Exception {
    plugin.work =
        (operation, input, call, context) -> {
          if (input instanceof Classify classify) {
            entered.countDown();
            Waits.until(goOn);
            ModelRun run = new ModelRun(classify.model(), List.of(), List.of());
            context.perform(Operations.MODEL_RUN, run, call);
          }
          return plugin.answer(operation, input, call, context);
        };
    CompletableFuture<?> picture = CompletableFuture.runAsync(this::classify, Waits.THREADS);
    Waits.until(entered);
    lettingGo.run();
    assertThat(journal).doesNotContain(UNLOAD);
    goOn.countDown();
    picture.get(20, SECONDS);
    Waits.until(unloaded);
    assertThat(journal).containsSubsequence(LOAD, RUN, UNLOAD);
  }

  private void holdLoading() {
    plugin.onLoad =
        (model, call) -> {
          entered.countDown();
          Waits.until(goOn);
        };
  }

  private void classify() {
    Argument image = Argument.of(ArgumentType.BUFFER, ByteBuffer.wrap(new byte[] {1}));
    Argument room = Argument.room(ArgumentType.UCHAR_ARRAY, 100);
    GenericCall call =
        GenericCall.of(GenericCode.IMAGE_CLASSIFY, List.of(image), List.of(room, room));
    assertThat(session.call(Operations.GENERIC_CALL, call).arguments()).hasSize(2);
  }

  private void call(GenericCode code) {
    session.call(Operations.GENERIC_CALL, generic(code));
  }

  private GenericCall generic(GenericCode code) {
    return GenericCall.of(code, List.of(Argument.ofInt64(resource.id())), List.of());
  }
}
