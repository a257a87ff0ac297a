package io.vaccel.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelException;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.Errors.NativeIoException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VsockSupportTest {

  @BeforeAll
  static void loadErrno() {
    Epoll.ensureAvailability();
  }

  @ParameterizedTest
  @CsvSource({
    "1, this process may not use AF_VSOCK: what confines it",
    "13, this process may not use AF_VSOCK: what confines it",
    "97, the kernel has no AF_VSOCK: load the module vsock",
    "24, no descriptor is left",
    "12, no socket of AF_VSOCK: "
  })
  void socketThatCannotBeMade_isExplainedByItsErrno(int errno, String reason) {
    // As LinuxSocket.newVSockStream throws it.
    Exception failure = new ChannelException(new NativeIoException("newVSockStream", -errno));
    assertThat(VsockSupport.reasonWithoutSocket(failure)).startsWith(reason);
  }
}
