package io.vaccel.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** grpcurl, which knows nothing but the address, on the agent's admin listener. */
final class GrpcurlIT {
  @TempDir static Path directory;

  private static Path grpcurl;
  private static RunningAgent agent;

  @BeforeAll
  static void startAgent() throws IOException {
    grpcurl = new LanguageClient("grpcurl").assumeBuilt().file("target/grpcurl");
    agent =
        RunningAgent.start(
            directory,
            "unix:" + directory.resolve("guests.sock"),
            "--admin",
            "unix:" + directory.resolve("admin.sock"));
  }

  @AfterAll
  static void stopAgent() {
    if (agent != null) {
      assertThat(agent.stop()).isZero();
    }
  }

  /** Asks for what the words say; with an input where it is not empty. */
  private static Programs.Finished ask(String socket, String input, String... words) {
    List<Object> command =
        new ArrayList<>(List.of(grpcurl, "-plaintext", "-unix", "-authority", "localhost"));
    if (!input.isEmpty()) {
      command.addAll(List.of("-d", input));
    }
    command.add(directory.resolve(socket));
    command.addAll(Arrays.asList(words));
    return Programs.run(directory, command.toArray());
  }

  private static String answer(String input, String... words) {
    Programs.Finished ended = ask("admin.sock", input, words);
    assertThat(ended.status()).as(ended.err()).isZero();
    return ended.out();
  }

  @Test
  void services_areListedAndDescribed() {
    assertThat(answer("", "list").lines())
        .contains("vaccel.v1.AgentService", "vaccel.v1.ImageService", "grpc.health.v1.Health");
    assertThat(answer("", "describe", "vaccel.v1.SessionService"))
        .contains("rpc OpenSession ( .vaccel.v1.OpenSessionRequest )");
    assertThat(answer("", "describe", "vaccel.v1.OpenSessionRequest")).contains("lease");
  }

  @Test
  void calls_areMade_inASessionToo() {
    JsonObject info = json(answer("", "vaccel.v1.AgentService/GetAgentInfo"));
    assertThat(info.get("peer").getAsString()).startsWith("unix uid ");
    JsonObject session = json(answer("{}", "vaccel.v1.SessionService/OpenSession"));
    String id = session.get("session_id").getAsString();
    answer(inSession(id), "vaccel.v1.GenericService/Noop");
    answer(inSession(id), "vaccel.v1.SessionService/CloseSession");
  }

  @Test
  void errors_showStatusAndReason() {
    Programs.Finished ended =
        ask("admin.sock", inSession("no such"), "vaccel.v1.GenericService/Noop");
    assertThat(ended.status()).isNotZero();
    assertThat(ended.err()).contains("Code: NotFound", "no such session", "google.rpc.ErrorInfo");
    // It knows Google's details only where it is given their proto.
    String details = ended.err().replaceAll("(?s).*\"@value\": \"([^\"]*)\".*", "$1");
    assertThat(new String(Base64.getDecoder().decode(details), StandardCharsets.UTF_8))
        .contains("SESSION_NOT_FOUND");
  }

  @Test
  void guestsListener_tellsNothing() {
    Programs.Finished ended = ask("guests.sock", "", "list");
    assertThat(ended.status()).isNotZero();
    assertThat(ended.err()).contains("does not support the reflection API");
  }

  private static String inSession(String id) {
    return "{\"session_id\": \"" + id + "\"}";
  }

  private static JsonObject json(String text) {
    return JsonParser.parseString(text).getAsJsonObject();
  }
}
