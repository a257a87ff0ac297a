package io.vaccel.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Measures the contenders of a scenario in turn, round after round, so that whatever else the
 * machine does hits all of them alike.
 *
 * <p>Each call starts when the one before it has ended, on one thread: what is measured is the time
 * of a call on an idle connection, not what happens when calls pile up.
 */
final class Rounds {
  /**
   * The longest turn before it counts: what takes microseconds is warm by then, and should leave
   * the time to what takes longer.
   */
  private static final int WARMUP_CALLS = 1_000;

  private final LongSupplier nanoClock;
  private final Supplier<Duration> cpuClock;

  /**
   * Measures with these clocks.
   *
   * @param nanoClock as {@link System#nanoTime}
   * @param cpuClock processor time that the measured processes have used so far
   */
  Rounds(LongSupplier nanoClock, Supplier<Duration> cpuClock) {
    this.nanoClock = nanoClock;
    this.cpuClock = cpuClock;
  }

  /** Measures as planned; fails when one of the calls does. */
  Outcome measure(Scenario scenario, Plan plan) throws Exception {
    long start = nanoClock.getAsLong();
    int warmups = 0;
    do {
      round(scenario, plan.slice(), WARMUP_CALLS, warmups++, fresh(scenario));
    } while (since(start).compareTo(plan.warmup()) < 0);

    Map<Way, Samples> samples = fresh(scenario);
    start = nanoClock.getAsLong();
    int rounds = 0;
    do {
      round(scenario, plan.slice(), Long.MAX_VALUE, rounds++, samples);
    } while (rounds < plan.minRounds() || since(start).compareTo(plan.measured()) < 0);
    return Outcome.of(scenario, rounds, samples);
  }

  private void round(
      Scenario scenario, Duration slice, long maxCalls, int number, Map<Way, Samples> samples)
      throws Exception {
    for (Contender contender : order(scenario.contenders(), number)) {
      Samples own = samples.get(contender.way());
      Duration cpuBefore = cpuClock.get();
      long start = nanoClock.getAsLong();
      long end = start;
      long calls = 0;
      do {
        contender.call().run();
        long now = nanoClock.getAsLong();
        own.add(now - end);
        end = now;
      } while (end - start < slice.toNanos() && ++calls < maxCalls);
      own.endRound(cpuClock.get().minus(cpuBefore));
    }
  }

  /**
   * Another one begins in each round, and every second round goes backwards: nobody always follows
   * the same one.
   */
  private static List<Contender> order(List<Contender> contenders, int round) {
    List<Contender> order = new ArrayList<>(contenders);
    Collections.rotate(order, -(round / 2));
    if (round % 2 == 1) {
      Collections.reverse(order);
    }
    return order;
  }

  private Duration since(long startNanos) {
    return Duration.ofNanos(nanoClock.getAsLong() - startNanos);
  }

  private static Map<Way, Samples> fresh(Scenario scenario) {
    Map<Way, Samples> samples = new EnumMap<>(Way.class);
    scenario.contenders().forEach(contender -> samples.put(contender.way(), new Samples()));
    return samples;
  }
}
