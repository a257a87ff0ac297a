package io.vaccel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CancellationTest {
  private final Cancellation cancellation = new Cancellation();
  private final List<String> heard = new ArrayList<>();

  @Test
  void listeners_hearItOnce_inOrder() {
    cancellation.onCancel(() -> heard.add("a"));
    cancellation.onCancel(() -> heard.add("b"));
    cancellation.cancel();
    cancellation.cancel();
    assertThat(heard).containsExactly("a", "b");
    assertThat(cancellation.isCancelled()).isTrue();
  }

  @Test
  void lateListener_hearsItAtOnce() {
    cancellation.cancel();
    cancellation.onCancel(() -> heard.add("late"));
    assertThat(heard).containsExactly("late");
  }

  @Test
  void takenBackListener_hearsNothing_itsTwinDoes() {
    Runnable listener = () -> heard.add("a");
    Cancellation.Registration first = cancellation.onCancel(listener);
    cancellation.onCancel(listener);
    first.close();
    first.close();
    cancellation.cancel();
    assertThat(heard).containsExactly("a");
  }

  @Test
  void failingListener_doesNotSilenceTheNext() {
    cancellation.onCancel(
        () -> {
          throw new IllegalStateException("defect");
        });
    cancellation.onCancel(() -> heard.add("b"));
    cancellation.cancel();
    assertThat(heard).containsExactly("b");
  }

  @Test
  void never_keepsNoListeners_andCannotBeCancelled() {
    Cancellation never = CallOptions.defaults().cancellation();
    assertThat(never).isSameAs(Cancellation.never());
    never.onCancel(() -> heard.add("a")).close();
    assertThat(never.listenerCount()).isZero();
    assertThatThrownBy(never::cancel).isInstanceOf(UnsupportedOperationException.class);
    assertThat(never.isCancelled()).isFalse();
  }
}
