package io.vaccel.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.dockerjava.api.command.InspectImageResponse;
import com.github.dockerjava.api.exception.NotFoundException;
import com.google.gson.JsonParser;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.vaccel.transport.Certificates;
import io.vaccel.transport.ChannelSettings;
import io.vaccel.transport.Channels;
import io.vaccel.transport.Endpoint;
import io.vaccel.transport.TlsSettings;
import io.vaccel.v1.AgentServiceGrpc;
import io.vaccel.v1.GetAgentInfoRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The agent's container image: what is in it, and the main job from outside. */
final class ContainerIT {
  /** A Java runtime, the engines and the C libraries. */
  private static final long MAX_IMAGE_BYTES = 350L << 20;

  private static final List<String> SHELLS =
      List.of("/bin/sh", "/bin/bash", "/bin/dash", "/bin/busybox", "/usr/bin/sh", "/usr/bin/bash");

  @TempDir Path directory;

  @Test
  void image_isSmall_hasNoShell_andRunsAsNobodyInParticular() throws Exception {
    try (AgentContainer agent = AgentContainer.below(directory)) {
      agent.start();
      InspectImageResponse image =
          agent.getDockerClient().inspectImageCmd(agent.getContainerInfo().getImageId()).exec();

      assertThat(image.getSize()).isLessThan(MAX_IMAGE_BYTES);
      assertThat(image.getConfig().getUser()).isEqualTo("65532:65532");
      assertThat(contains(agent, "/usr/lib/jvm/bin/java")).as("a file that is there").isTrue();
      for (String shell : SHELLS) {
        assertThat(contains(agent, shell)).as(shell).isFalse();
      }
    }
  }

  @Test
  void photographs_areWhatTheyShow_overAMountedSocket() throws IOException {
    ExpectedPhotos expected = ExpectedPhotos.read();
    try (AgentContainer agent = AgentContainer.below(directory)) {
      agent.start();
      List<Object> arguments =
          new ArrayList<>(List.of("classify", "--agent", agent.endpoint(), "--json", "--model"));
      arguments.add(Programs.MODEL);
      arguments.addAll(expected.files());

      Programs.Finished guest = Programs.guest(directory, arguments.toArray());

      assertThat(guest.status()).as("%s%n%s", guest.err(), agent.getLogs()).isZero();
      expected.assertMatches(
          JsonParser.parseString(guest.out()).getAsJsonObject(), agent.endpoint());
    }
  }

  @Test
  void mutualTls_letsInWhoHasACertificate_andKnowsWhoItIs() throws Exception {
    Path keys = Files.createDirectory(directory.resolve("keys"));
    Certificates certificates = Certificates.in(keys);
    Files.setPosixFilePermissions(
        keys.resolve("server.key"), PosixFilePermissions.fromString("rw-r--r--"));
    Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rwxr-xr-x"));
    try (AgentContainer agent = AgentContainer.below(directory).withMutualTls(keys)) {
      agent.start();
      Endpoint endpoint =
          new Endpoint.Tcp("127.0.0.1", agent.getMappedPort(AgentContainer.TLS_PORT));

      assertThat(peer(endpoint, certificates.client())).contains("CN=guest-7");
      assertThatThrownBy(() -> peer(endpoint, certificates.clientWithoutIdentity()))
          .isInstanceOfSatisfying(
              StatusRuntimeException.class,
              error -> assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE));
    }
  }

  @Test
  void health_isDockersOwn_whileTheAgentServes_hangs_andIsDead() throws IOException {
    try (AgentContainer agent =
        AgentContainer.below(directory).withHealthChecksEvery(Duration.ofSeconds(1))) {
      agent.start();
      agent.awaitHealth("healthy");

      agent.signal("STOP"); // It runs, but answers nobody.
      agent.awaitHealth("unhealthy");
      assertThat(agent.state().getRunning()).isTrue();
      agent.signal("CONT");
      agent.awaitHealth("healthy");

      agent.kill();
      agent.awaitHealth("unhealthy");
      assertThat(agent.state().getStatus()).isEqualTo("exited");
      agent.restart();
      agent.awaitHealth("healthy");
    }
  }

  private static boolean contains(AgentContainer agent, String file) throws IOException {
    try (InputStream archive =
        agent.getDockerClient().copyArchiveFromContainerCmd(agent.getContainerId(), file).exec()) {
      return archive.read() >= 0;
    } catch (NotFoundException e) {
      return false;
    }
  }

  private static String peer(Endpoint endpoint, TlsSettings tls) {
    ManagedChannel channel = Channels.open(endpoint, ChannelSettings.builder().tls(tls).build());
    try {
      return AgentServiceGrpc.newBlockingStub(channel)
          .withDeadlineAfter(60, TimeUnit.SECONDS)
          .getAgentInfo(GetAgentInfoRequest.getDefaultInstance())
          .getPeer();
    } finally {
      channel.shutdownNow();
    }
  }
}
