package io.vaccel.transport;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Timeout;

/**
 * The contract between two machines: its client here, its servers in a {@link ContractServer} on
 * the other one. The system properties {@code vaccel.contract.control} and {@code
 * vaccel.contract.dial} are the two endpoints of that server as they are dialled from here, {@code
 * vaccel.contract.owner} is the {@link Peer#owner()} that it must take this machine for. {@code
 * vaccel.contract.slowness} is how many times longer than usual everything may take, 1 when it is
 * not set.
 */
@Timeout(1200) // A machine may be emulated.
class AcrossMachinesIT extends TransportContract {
  private static String property(String name) {
    String value = System.getProperty("vaccel.contract." + name);
    assumeTrue(
        value != null,
        "needs a ContractServer on another machine, and -Dvaccel.contract.control=ENDPOINT,"
            + " -Dvaccel.contract.dial=ENDPOINT and -Dvaccel.contract.owner=OWNER to reach it");
    return value;
  }

  @Override
  TransportUnderTest open(Path folder) throws Exception {
    Endpoint dial = Endpoint.parse(property("dial"));
    Endpoint control = Endpoint.parse(property("control"));
    String owner = property("owner");
    if (dial instanceof Endpoint.Vsock) {
      VsockGuest.assumeGuest();
    }
    return RemoteServers.transport(control, dial, owner::equals);
  }

  @Override
  int slowness() {
    return Integer.getInteger("vaccel.contract.slowness", 1);
  }

  @Override
  int bulkBytes() {
    return 4 << 20;
  }

  @Override
  int cycles() {
    return 200;
  }
}
