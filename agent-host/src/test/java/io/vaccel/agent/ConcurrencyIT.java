package io.vaccel.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaccel.Reason;
import io.vaccel.VaccelException;
import io.vaccel.v1.CloseSessionRequest;
import io.vaccel.v1.Payload;
import io.vaccel.v1.UnloadModelRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConcurrencyIT {
  private static final int GUESTS = 6;
  private static final int ROUNDS = 8;

  @TempDir Path directory;

  @Test
  void manyGuestsAtOnce_getTheirOwnResults_andLeaveNothing() throws Exception {
    try (RunningAgent running = RunningAgent.start(directory)) {
      List<Callable<Void>> guests = new ArrayList<>();
      for (int i = 0; i < GUESTS; i++) {
        TestClient client = i % 2 == 0 ? running.client() : running.stranger();
        int seed = i;
        guests.add(() -> session(client, seed));
      }
      all(guests);

      Eventually.isTrue(
          "all is freed",
          () ->
              running.agent.load().sessions() == 0
                  && running.agent.load().calls() == 0
                  && running.agent.load().peers() == 0
                  && running.plugin.models.get() == 0
                  && running.plugin.sessions.get() == 0);
      assertThat(running.agent.load().bufferBytes()).isZero();
    }
  }

  @Test
  void closingWhileOthersRun_endsThemCleanly_andFreesAll() throws Exception {
    try (RunningAgent running = RunningAgent.start(directory)) {
      TestClient guest = running.client();
      for (int round = 0; round < ROUNDS; round++) {
        String session = guest.openSession();
        String model = guest.loadModel(session, bytes(round, 1_000));
        List<Callable<Void>> rivals = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
          int seed = i;
          rivals.add(
              () -> tolerate(() -> guest.run(session, model, guest.inline(bytes(seed, 50)), 50)));
        }
        rivals.add(
            () ->
                tolerate(
                    () ->
                        guest
                            .models()
                            .unloadModel(
                                UnloadModelRequest.newBuilder()
                                    .setSessionId(session)
                                    .setModelId(model)
                                    .build())));
        rivals.add(() -> tolerate(() -> close(guest, session)));
        all(rivals);
      }
      Eventually.isTrue(
          "all is freed",
          () ->
              running.agent.load().sessions() == 0
                  && running.plugin.models.get() == 0
                  && running.plugin.sessions.get() == 0);
    }
  }

  private static Void session(TestClient guest, int seed) {
    for (int round = 0; round < ROUNDS; round++) {
      String session = guest.openSession();
      String model = guest.loadModel(session, bytes(round, 100_000));
      byte[] data = bytes(seed * 1_000 + round, 1_500_000);
      Payload result =
          guest
              .run(session, model, guest.buffer(guest.writeBuffer(session, data)), data.length)
              .getOutputs(0)
              .getData();
      assertThat(guest.readBuffer(session, result.getBufferId())).isEqualTo(data);
      close(guest, session);
    }
    return null;
  }

  /**
   * What a call may end with when its session or model goes under it; anything else is a defect.
   */
  private static Void tolerate(Runnable call) {
    try {
      call.run();
    } catch (io.grpc.StatusRuntimeException e) {
      VaccelException error = io.vaccel.wire.WireErrors.fromStatus(e);
      assertThat(Set.of(Reason.SESSION_NOT_FOUND, Reason.MODEL_NOT_FOUND, Reason.CANCELLED))
          .describedAs(error.getMessage())
          .contains(error.reason());
    }
    return null;
  }

  private static void close(TestClient guest, String session) {
    var unused =
        guest
            .sessions()
            .closeSession(CloseSessionRequest.newBuilder().setSessionId(session).build());
  }

  private static void all(List<Callable<Void>> tasks) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(tasks.size());
    try {
      for (Future<Void> done : threads.invokeAll(tasks)) {
        done.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static byte[] bytes(long seed, int size) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }
}
