package io.vaccel.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.vaccel.FloatMatrix;
import io.vaccel.GenericCall;
import io.vaccel.Operations;
import io.vaccel.Profile;
import io.vaccel.RegisteredResource;
import io.vaccel.Session;
import io.vaccel.Settings;
import io.vaccel.Sgemm;
import io.vaccel.Vaccel;
import io.vaccel.agent.Agent;
import io.vaccel.agent.AgentLoad;
import io.vaccel.agent.ExecPolicy;
import io.vaccel.agent.Limit;
import io.vaccel.agent.Quota;
import io.vaccel.backend.tensorflow.GraphKit;
import io.vaccel.backend.tensorflow.SavedModelKit;
import io.vaccel.backend.tflite.TfliteKit;
import io.vaccel.backend.torch.TorchKit;
import io.vaccel.contract.ExecContract;
import io.vaccel.contract.ExecLibraries;
import io.vaccel.contract.GenericExecContract;
import io.vaccel.contract.GenericPictureContract;
import io.vaccel.contract.Matrices;
import io.vaccel.contract.ModelContract;
import io.vaccel.contract.ModelKit;
import io.vaccel.plugin.vsock.VsockPluginProvider;
import io.vaccel.transport.Endpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Remoting is faithful: what every plugin promises holds for the same plugins at an agent,
 * whichever way leads there.
 */
final class RemoteContractIT {
  private static final String IN_PROCESS = "remote-contract";

  @TempDir static Path directory;

  private static Vaccel host;
  private static Agent agent;
  private static Endpoint unix;
  private static Endpoint tcp;

  @BeforeAll
  static void startAgent() throws IOException {
    Vaccel.Builder builder =
        Vaccel.builder()
            .set(Settings.PLUGINS, "image:onnx:tflite:tensorflow:torch:blas:exec:reference")
            .set(Settings.PROFILING, "1");
    ExecPolicy exec = ExecPolicy.OFF;
    if (ExecLibraries.canCompile()) {
      builder.set("VACCEL_EXEC_LIBRARIES", ExecLibraries.compiled().setting());
      exec = ExecPolicy.everybody(ExecLibraries.compiled().digests());
    }
    host = builder.load();
    agent =
        Agent.builder(host, directory.resolve("state"))
            .quota(Quota.defaults().with(Limit.CALLS_PER_PEER, RemoteContract.CALLS_AT_ONCE))
            .exec(exec)
            .listen(new Endpoint.Unix(directory.resolve("a.sock").toString()))
            .listen(Endpoint.parse("tcp:127.0.0.1:0"))
            .inProcess(IN_PROCESS)
            .start();
    unix = agent.endpoints().get(0);
    tcp = agent.endpoints().get(1);
  }

  @AfterAll
  static void agentIsAsBefore_andStops() {
    // Good and bad calls alike left nothing: no session, no buffer, no call.
    AgentLoad load = agent.load();
    agent.close();
    host.close();
    assertThat(load.sessions()).as("%s", load).isZero();
    assertThat(load.bufferBytes()).as("%s", load).isZero();
    assertThat(load.calls()).as("%s", load).isZero();
  }

  /** The contract, and what only one who holds the host's runtime too can compare. */
  interface BesideTheHost extends RemoteContract, ExecContract, GenericExecContract {

    @Test
    default void matrixProduct_isBitForBitThatOfTheHost() {
      Random random = new Random(3);
      FloatMatrix a = Matrices.random(random, 123, 456, 456, 1);
      FloatMatrix b = Matrices.random(random, 456, 78, 78, 1);
      FloatMatrix c = Matrices.random(random, 123, 78, 78, 1);
      Sgemm input = new Sgemm(123, 78, 456, 0.3f, a, b, 0.7f, c, 1);
      try (Session local = host.openSession();
          Vaccel guest = open();
          Session remote = guest.openSession()) {
        Sgemm.Product here = local.sgemm(input);
        Sgemm.Product there = remote.sgemm(input);
        assertThat(there.c()).isEqualTo(here.c());
        assertThat(there.executedOn().isLocal()).isFalse();
        assertThat(there.executedOn().device()).isEqualTo(here.executedOn().device());
      }
    }

    @ParameterizedTest
    @MethodSource("io.vaccel.contract.GenericPictureContract#findings")
    default void genericPicture_isBitForBitThatOfTheHost(GenericPictureContract.Case one) {
      try (Session local = host.openSession();
          Vaccel guest = open();
          Session remote = guest.openSession()) {
        GenericCall.Written here = written(local, one);
        GenericCall.Written there = written(remote, one);
        assertThat(there.arguments()).isEqualTo(here.arguments());
        assertThat(there.executedOn().isLocal()).isFalse();
      }
    }

    private static GenericCall.Written written(Session session, GenericPictureContract.Case one) {
      try (RegisteredResource model = session.register(one.model().resource())) {
        assertThat(model.id()).isPositive();
        return session.call(
            Operations.GENERIC_CALL,
            GenericCall.of(
                one.code(), GenericPictureContract.picture(), GenericPictureContract.rooms()));
      }
    }

    @Test
    default void profile_hasWhatTheHostMeasured() {
      try (Vaccel guest = open();
          Session session = guest.openSession()) {
        assertThat(session.noop()).isNotNull();
        assertThat(session.sgemm(Sgemm.product(1, 1, 1, new float[] {1}, new float[] {2})))
            .isNotNull();
        assertThat(session.profile().regions())
            .as("the guest measures nothing, the host does")
            .allSatisfy(region -> assertThat(region.path()).hasSize(1))
            .extracting(Profile.Region::name)
            .contains("noop", "blas.sgemm", "blas.sgemm/sgemm");
      }
    }
  }

  @Nested
  @TestInstance(Lifecycle.PER_CLASS)
  final class InProcess implements BesideTheHost {
    @Override
    public Vaccel open() {
      ManagedChannel channel = InProcessChannelBuilder.forName(IN_PROCESS).build();
      return Vaccel.builder()
          .plugin(VsockPluginProvider.over(channel, unix, Settings.ofEnvironment()))
          .load();
    }
  }

  @Nested
  @TestInstance(Lifecycle.PER_CLASS)
  final class OverUnix implements BesideTheHost {
    @Override
    public Vaccel open() {
      return RemoteContract.at(unix);
    }
  }

  @Nested
  @TestInstance(Lifecycle.PER_CLASS)
  final class OverTcp implements BesideTheHost {
    @Override
    public Vaccel open() {
      return RemoteContract.at(tcp);
    }
  }

  @Nested
  @TestInstance(Lifecycle.PER_CLASS)
  final class TfliteOverUnix implements ModelContract {
    @Override
    public Vaccel open() {
      return RemoteContract.at(unix);
    }

    @Override
    public ModelKit models() {
      return new TfliteKit();
    }
  }

  @Nested
  @TestInstance(Lifecycle.PER_CLASS)
  final class SavedModelOverUnix implements ModelContract {
    @Override
    public Vaccel open() {
      return RemoteContract.at(unix);
    }

    @Override
    public ModelKit models() {
      return new SavedModelKit();
    }
  }

  @Nested
  @TestInstance(Lifecycle.PER_CLASS)
  final class TensorFlowGraphOverUnix implements ModelContract {
    @Override
    public Vaccel open() {
      return RemoteContract.at(unix);
    }

    @Override
    public ModelKit models() {
      return new GraphKit();
    }
  }

  @Nested
  @TestInstance(Lifecycle.PER_CLASS)
  final class TorchOverUnix implements ModelContract {
    @Override
    public Vaccel open() {
      return RemoteContract.at(unix);
    }

    @Override
    public ModelKit models() {
      return new TorchKit();
    }
  }
}
