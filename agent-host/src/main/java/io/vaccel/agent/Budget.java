package io.vaccel.agent;

import io.vaccel.VaccelException;
import java.util.Optional;

/**
 * Counts how much of one limit is taken, here and in an outer budget (session, then agent), and
 * refuses what would go over. Safe for use by several threads.
 */
final class Budget {
  private final Limit limit;
  private final long most;
  private final Optional<Budget> outer;
  private long used;

  private Budget(Limit limit, long most, Optional<Budget> outer) {
    this.limit = limit;
    this.most = most;
    this.outer = outer;
  }

  static Budget of(Limit limit, Quota quota) {
    return new Budget(limit, quota.get(limit), Optional.empty());
  }

  /** A budget whose amounts also count in this one. */
  Budget inner(Limit innerLimit, Quota quota) {
    return new Budget(innerLimit, quota.get(innerLimit), Optional.of(this));
  }

  /**
   * Takes {@code amount}, or nothing at all.
   *
   * @throws VaccelException {@link io.vaccel.Reason#QUOTA_EXCEEDED} naming the limit that is in the
   *     way
   */
  void take(long amount) {
    synchronized (this) {
      if (amount > most - used) {
        throw limit.exceeded(most, used + amount);
      }
      used += amount;
    }
    try {
      outer.ifPresent(budget -> budget.take(amount));
    } catch (VaccelException e) {
      giveHere(amount);
      throw e;
    }
  }

  /** Refuses what could never be taken, before work is put into it. */
  void requireAtMost(long amount) {
    if (amount > most) {
      throw limit.exceeded(most, amount);
    }
    outer.ifPresent(budget -> budget.requireAtMost(amount));
  }

  /** Gives back what was taken. */
  void give(long amount) {
    giveHere(amount);
    outer.ifPresent(budget -> budget.give(amount));
  }

  synchronized long used() {
    return used;
  }

  private synchronized void giveHere(long amount) {
    used -= amount;
    if (used < 0) {
      throw new IllegalStateException("more of " + limit + " was given back than was taken");
    }
  }
}
