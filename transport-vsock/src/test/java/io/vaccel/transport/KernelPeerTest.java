package io.vaccel.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.epoll.VSockAddress;
import java.nio.file.FileSystems;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.util.Optional;
import org.junit.jupiter.api.Test;

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
  void idsOfTheJdk_areNumbers_withAndWithoutAName() throws Exception {
    UserPrincipalLookupService names = FileSystems.getDefault().getUserPrincipalLookupService();
    assertThat(NioPeer.uid(names.lookupPrincipalByName("root"))).hasValue(0);
    assertThat(NioPeer.uid(names.lookupPrincipalByName("4711"))).hasValue(4711);
    assertThat(NioPeer.gid(names.lookupPrincipalByGroupName("root"))).hasValue(0);
    assertThat(NioPeer.gid(names.lookupPrincipalByGroupName("4712"))).hasValue(4712);
  }

  @Test
  void idThatTheJdkHidesOtherwise_isUnknown() {
    UserPrincipal other = () -> "somebody";
    assertThat(NioPeer.uid(other)).isEmpty();
  }
}
