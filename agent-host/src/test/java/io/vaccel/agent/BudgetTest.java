package io.vaccel.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vaccel.VaccelException;
import org.junit.jupiter.api.Test;

class BudgetTest {
  private final Quota quota =
      Quota.defaults().with(Limit.BUFFER_BYTES, 100).with(Limit.BUFFER_BYTES_PER_SESSION, 60);
  private final Budget agent = Budget.of(Limit.BUFFER_BYTES, quota);
  private final Budget session = agent.inner(Limit.BUFFER_BYTES_PER_SESSION, quota);

  @Test
  void amountUpToTheLimit_isGiven() {
    session.take(60);
    assertThat(session.used()).isEqualTo(60);
    assertThat(agent.used()).isEqualTo(60);
    session.give(60);
    assertThat(agent.used()).isZero();
  }

  @Test
  void amountOverTheLimit_namesLimitAndAmount() {
    session.take(50);
    assertThatThrownBy(() -> session.take(11))
        .isInstanceOfSatisfying(
            VaccelException.class,
            error ->
                assertThat(error.details())
                    .containsEntry("quota", "buffer-bytes-per-session")
                    .containsEntry("limit", "60")
                    .containsEntry("amount", "61"));
    assertThat(session.used()).isEqualTo(50);
  }

  @Test
  void amountOverTheOuterLimit_takesNothing() {
    Budget second = agent.inner(Limit.BUFFER_BYTES_PER_SESSION, quota);
    session.take(60);
    assertThatThrownBy(() -> second.take(41)).isInstanceOf(VaccelException.class);
    assertThat(second.used()).isZero();
    assertThat(agent.used()).isEqualTo(60);
  }

  @Test
  void hugeAmount_doesNotOverflow() {
    session.take(1);
    assertThatThrownBy(() -> session.take(Long.MAX_VALUE)).isInstanceOf(VaccelException.class);
    assertThat(session.used()).isEqualTo(1);
  }
}
