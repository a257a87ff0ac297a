package io.vaccel;

import io.vaccel.spi.Call;
import java.util.concurrent.Executor;

/**
 * A {@link Call} from its start to its end, with what can cancel it meanwhile: the caller's switch
 * and the end of its session. Close it when the call is over, or both switches keep it for ever.
 */
final class CallScope implements AutoCloseable {
  private final Cancellation own = new Cancellation();
  private final Call call;
  private final Cancellation.Registration byCaller;
  private final Cancellation.Registration bySession;

  CallScope(CallOptions options, Cancellation sessionEnd, Executor executor) {
    this.call = Call.start(options.with(own), executor);
    this.byCaller = options.cancellation().onCancel(own::cancel);
    this.bySession = sessionEnd.onCancel(own::cancel);
  }

  Call call() {
    return call;
  }

  void cancel() {
    own.cancel();
  }

  @Override
  public void close() {
    byCaller.close();
    bySession.close();
  }
}
