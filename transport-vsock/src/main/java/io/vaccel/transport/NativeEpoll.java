package io.vaccel.transport;

import io.netty.channel.epoll.Epoll;
import java.io.FileNotFoundException;

/** Why Netty's native epoll library is not there, in words. */
final class NativeEpoll {
  private NativeEpoll() {}

  static String reason() {
    Throwable cause = Epoll.unavailabilityCause();
    if (cause == null) {
      return "it does load";
    }
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    String message = cause.getMessage();
    if (cause instanceof FileNotFoundException) {
      message = "there is no " + message + " on the class path";
    }
    return EndpointText.printable(message == null ? cause.getClass().getSimpleName() : message);
  }
}
