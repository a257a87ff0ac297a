package io.vaccel.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.epoll.VSockAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelPeerTest {

  @Test
  void numbers_areUnsigned() {
    assertThat(KernelPeer.vsock(new VSockAddress(-2, -1)))
        .contains(new Peer.Vsock(4_294_967_294L, 4_294_967_295L));
  }

  @Test
  void peerThatIsGone_isEmpty() {
    assertThat(KernelPeer.vsock(null)).isEmpty();
  }

  @Test
  void owner_leavesOutPortAndPid() {
    assertThat(new Peer.Vsock(3, 1).owner()).isEqualTo(new Peer.Vsock(3, 2).owner());
    assertThat(new Peer.Unix(1000, 1000, 1).owner()).isEqualTo(new Peer.Unix(1000, 5, 2).owner());
    assertThat(new Peer.Tcp("::1", 1, Optional.empty()).owner()).isEqualTo("tcp:::1");
    assertThat(new Peer.Tcp("::1", 1, Optional.of("CN=a")).owner()).isEqualTo("tls:CN=a");
  }

  @Test
  void idsOfTheJdk_areLookedUpByName(@TempDir Path folder) throws Exception {
    String table =
        Files.writeString(folder.resolve("passwd"), "root:x:0:0:root:/root\nann:x:1000:1:\nbad\n")
            .toString();
    assertThat(NioPeer.number(table, "ann")).hasValue(1000);
    assertThat(NioPeer.number(table, "4711")).hasValue(4711);
    assertThat(NioPeer.number(table, "bob")).isEmpty();
  }
}
