package io.vaccel.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaccel.Reason;
import io.vaccel.VaccelException;
import io.vaccel.v1.CloseSessionRequest;
import io.vaccel.v1.ReleaseBufferRequest;
import io.vaccel.v1.RenewSessionRequest;
import io.vaccel.v1.UnloadModelRequest;
import io.vaccel.v1.UnregisterResourceRequest;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnershipIT {
  @TempDir Path directory;

  @Test
  void anotherPeersSession_doesNotExist() throws Exception {
    try (RunningAgent running = RunningAgent.start(directory)) {
      TestClient guest = running.client();
      TestClient stranger = running.stranger();
      String session = guest.openSession();
      String model = guest.loadModel(session, new byte[100]);
      String buffer = guest.writeBuffer(session, new byte[100]);

      String never = RandomId.next();
      Map<String, ThrowingCallable> real = attempts(stranger, session, model, buffer);
      Map<String, ThrowingCallable> unknown = attempts(stranger, never, model, buffer);
      real.forEach(
          (what, attempt) -> {
            VaccelException error = TestClient.error(attempt);
            assertThat(error.reason()).describedAs(what).isEqualTo(Reason.SESSION_NOT_FOUND);
            assertThat(error.text())
                .describedAs("%s: nothing tells it from an id that never was", what)
                .isEqualTo(TestClient.error(unknown.get(what)).text());
          });

      guest.noop(session);
      guest.run(session, model, guest.buffer(buffer), 100);
    }
  }

  @Test
  void idsOfAnotherSession_areUnknownInThisOne() throws Exception {
    try (RunningAgent running = RunningAgent.start(directory)) {
      TestClient guest = running.client();
      String one = guest.openSession();
      String two = guest.openSession();
      byte[] content = new byte[10];
      String resource = guest.register(one, "net.onnx", guest.upload(one, content), 10);
      String model = guest.load(one, resource);
      String buffer = guest.writeBuffer(one, content);

      assertThat(TestClient.error(() -> guest.load(two, resource)).reason())
          .isEqualTo(Reason.RESOURCE_NOT_FOUND);
      assertThat(TestClient.error(() -> guest.run(two, model, guest.inline(content), 10)).reason())
          .isEqualTo(Reason.MODEL_NOT_FOUND);
      assertThat(TestClient.error(() -> guest.readBuffer(two, buffer)).reason())
          .isEqualTo(Reason.BUFFER_NOT_FOUND);
    }
  }

  private static Map<String, ThrowingCallable> attempts(
      TestClient peer, String session, String model, String buffer) {
    byte[] bytes = new byte[100];
    Map<String, ThrowingCallable> attempts = new LinkedHashMap<>();
    attempts.put("noop", () -> peer.noop(session));
    attempts.put("run", () -> peer.run(session, model, peer.inline(bytes), 100));
    attempts.put("find", () -> peer.find(session, TestClient.digest(bytes)));
    attempts.put("upload", () -> peer.upload(session, bytes));
    attempts.put("register", () -> peer.register(session, "a", TestClient.digest(bytes), 100));
    attempts.put("load", () -> peer.load(session, model));
    attempts.put("write", () -> peer.writeBuffer(session, bytes));
    attempts.put("read", () -> peer.readBuffer(session, buffer));
    attempts.put(
        "release",
        () ->
            peer.buffers()
                .releaseBuffer(
                    ReleaseBufferRequest.newBuilder()
                        .setSessionId(session)
                        .setBufferId(buffer)
                        .build()));
    attempts.put(
        "unload",
        () ->
            peer.models()
                .unloadModel(
                    UnloadModelRequest.newBuilder()
                        .setSessionId(session)
                        .setModelId(model)
                        .build()));
    attempts.put(
        "unregister",
        () ->
            peer.resources()
                .unregisterResource(
                    UnregisterResourceRequest.newBuilder()
                        .setSessionId(session)
                        .setResourceId(model)
                        .build()));
    attempts.put(
        "renew",
        () ->
            peer.sessions()
                .renewSession(RenewSessionRequest.newBuilder().setSessionId(session).build()));
    attempts.put(
        "close",
        () ->
            peer.sessions()
                .closeSession(CloseSessionRequest.newBuilder().setSessionId(session).build()));
    return attempts;
  }
}
