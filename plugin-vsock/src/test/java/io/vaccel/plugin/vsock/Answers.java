package io.vaccel.plugin.vsock;

import io.grpc.stub.StreamObserver;
import io.vaccel.VaccelException;
import io.vaccel.wire.WireErrors;
import java.util.function.Supplier;

/** Answers one call of a fake agent. */
final class Answers {
  private Answers() {}

  static <R> void with(StreamObserver<R> observer, Supplier<R> work) {
    R response;
    try {
      response = work.get();
    } catch (VaccelException e) {
      observer.onError(WireErrors.toStatus(e));
      return;
    }
    observer.onNext(response);
    observer.onCompleted();
  }
}
