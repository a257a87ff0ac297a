package io.vaccel.bench;

import java.util.List;

/**
 * One operation at one size, with all the ways that it is measured on.
 *
 * @param name short and unique, for instance {@code bulk-1MiB}
 * @param title what is measured, for people
 * @param inBytes payload of one request; what a raw socket sends
 * @param outBytes payload of one answer; what a raw socket receives
 * @param contenders at most one of each way
 */
record Scenario(String name, String title, int inBytes, int outBytes, List<Contender> contenders) {
  Scenario {
    contenders = List.copyOf(contenders);
    long ways = contenders.stream().map(Contender::way).distinct().count();
    if (contenders.isEmpty() || ways != contenders.size()) {
      throw new IllegalArgumentException(name + " needs contenders, one of each way at most");
    }
  }
}
