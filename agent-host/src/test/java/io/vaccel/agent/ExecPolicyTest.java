package io.vaccel.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vaccel.Exec;
import io.vaccel.ExecWithResource;
import io.vaccel.FunctionCall;
import io.vaccel.Operations;
import io.vaccel.Policy;
import io.vaccel.Reason;
import io.vaccel.Resource;
import io.vaccel.ResourceKind;
import io.vaccel.Session;
import io.vaccel.Settings;
import io.vaccel.Vaccel;
import io.vaccel.VaccelException;
import io.vaccel.transport.Peer;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

final class ExecPolicyTest {
  /** SHA-256 of "abc". */
  private static final String ABC =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

  private static final Peer GUEST = new Peer.Vsock(7, 1);
  private static final FunctionCall CALL = FunctionCall.of("f", List.of(), List.of());

  private static ExecOptions options(String... arguments) {
    return CommandLine.populateCommand(new ExecOptions(), arguments);
  }

  private static Reason refusal(Policy policy, String library) {
    VaccelException refused =
        catchThrowableOfType(
            VaccelException.class, () -> policy.check(Operations.EXEC, new Exec(library, CALL)));
    return refused == null ? null : refused.reason();
  }

  @Test
  void withoutOptions_nobodyMayAnything_whateverTheEnvironmentAllows() {
    assertThat(refusal(options().rules().policy(GuestNames.none()).of(GUEST), "a"))
        .isEqualTo(Reason.NOT_ALLOWED);
    assertThat(options().rules().settings(new Settings(Map.of())).values()).isEmpty();
  }

  @Test
  void guest_mayCallItsLibraries_andNoOthers() {
    ExecOptions options =
        options(
            "--exec-library=a=" + ABC + ":/usr/lib/a.so",
            "--exec-library=b=" + ABC.replace('b', 'c'),
            "--exec-allow=vsock:7=a");
    Policy policy = options.rules().policy(GuestNames.none()).of(GUEST);
    assertThat(refusal(policy, "a")).isNull();
    assertThat(refusal(policy, "b")).isEqualTo(Reason.NOT_ALLOWED);
    assertThat(refusal(policy, "c")).isEqualTo(Reason.NOT_ALLOWED);
    assertThat(refusal(options.rules().policy(GuestNames.none()).of(new Peer.Vsock(8, 1)), "a"))
        .isEqualTo(Reason.NOT_ALLOWED);
    assertThat(options.rules().settings(new Settings(Map.of())).get("VACCEL_EXEC_LIBRARIES"))
        .contains("a=" + ABC + ":/usr/lib/a.so b=" + ABC.replace('b', 'c'));
  }

  @Test
  void severalOptions_addUp_andEverybodyIsAGuest() {
    ExecPolicy policy =
        options(
                "--exec-library=a=" + ABC,
                "--exec-library=b=" + ABC,
                "--exec-library=c=" + ABC,
                "--exec-allow=*=a",
                "--exec-allow=tls:CN=vm,O=x=b,c")
            .rules()
            .policy(GuestNames.none());
    Policy named = policy.of(new Peer.Tcp("h", 1, java.util.Optional.of("CN=vm,O=x")));
    assertThat(refusal(named, "a")).isNull();
    assertThat(refusal(named, "b")).isNull();
    assertThat(refusal(named, "c")).isNull();
    assertThat(refusal(policy.of(GUEST), "a")).isNull();
    assertThat(refusal(policy.of(GUEST), "b")).isEqualTo(Reason.NOT_ALLOWED);
  }

  @Test
  void guestsName_meansItsOwner() {
    ExecRules rules = options("--exec-library=a=" + ABC, "--exec-allow=web-1=a").rules();
    ExecPolicy policy = rules.policy(new GuestNames(Map.of("vsock:7", "web-1")));
    assertThat(refusal(policy.of(GUEST), "a")).isNull();
    assertThat(refusal(policy.of(new Peer.Vsock(8, 1)), "a")).isEqualTo(Reason.NOT_ALLOWED);
    assertThatThrownBy(() -> rules.policy(GuestNames.none()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("web-1");
  }

  @Test
  void broughtLibrary_isKnownByTheDigestOfEachFile() {
    Policy policy =
        options("--exec-library=a=" + ABC, "--exec-allow=vsock:7=a")
            .rules()
            .policy(GuestNames.none())
            .of(GUEST);
    try (Vaccel vaccel = Vaccel.builder().load();
        Session session = vaccel.openSession()) {
      assertThat(policyAllows(policy, session, "abc")).isTrue();
      assertThat(policyAllows(policy, session, "abd")).isFalse();
      assertThat(policyAllows(policy, session, "abd", "abc")).isFalse();
    }
  }

  private static boolean policyAllows(Policy policy, Session session, String... contents) {
    List<io.vaccel.ResourceFile> files = new java.util.ArrayList<>();
    for (String content : contents) {
      files.add(
          io.vaccel.ResourceFile.ofBytes(
              content, ByteBuffer.wrap(content.getBytes(java.nio.charset.StandardCharsets.UTF_8))));
    }
    ExecWithResource input =
        new ExecWithResource(session.register(new Resource(ResourceKind.LIBRARY, files)), CALL);
    try {
      policy.check(Operations.EXEC_WITH_RESOURCE, input);
      return true;
    } catch (VaccelException e) {
      assertThat(e.reason()).isEqualTo(Reason.NOT_ALLOWED);
      return false;
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--exec-library=a",
        "--exec-library=a=12",
        "--exec-library=a=" + ABC + ":lib.so",
        "--exec-library=a b=" + ABC,
        "--exec-library=a=" + ABC + ":/lib dir/a.so",
        "--exec-allow=vsock:7"
      })
  void otherForms_areRefused(String option) {
    assertThatThrownBy(() -> options(option).rules().policy(GuestNames.none()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(option.substring(0, option.indexOf('=')));
  }

  @Test
  void libraryThatIsNone_cannotBeAllowed() {
    assertThatThrownBy(() -> options("--exec-allow=vsock:7=a").rules().policy(GuestNames.none()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("guest vsock:7 may use 'a', but no library has this name");
    assertThatThrownBy(() -> options("--exec-library=a=" + ABC, "--exec-library=a=" + ABC).rules())
        .hasMessage("two libraries are named 'a'");
  }
}
