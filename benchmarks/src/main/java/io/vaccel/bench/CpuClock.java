package io.vaccel.bench;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/**
 * Processor time that this process and its servers have used so far, in user and kernel mode.
 *
 * <p>Linux rounds it to hundredths of a second, which averages out over the rounds.
 *
 * @param processes whose time is added up
 */
record CpuClock(List<ProcessHandle> processes) implements Supplier<Duration> {
  CpuClock {
    processes = List.copyOf(processes);
  }

  @Override
  public Duration get() {
    Duration sum = Duration.ZERO;
    for (ProcessHandle process : processes) {
      sum = sum.plus(process.info().totalCpuDuration().orElse(Duration.ZERO));
    }
    return sum;
  }
}
