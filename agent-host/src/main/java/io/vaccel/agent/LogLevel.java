package io.vaccel.agent;

import java.util.Arrays;
import java.util.Optional;

/** How much is logged; vAccel numbers the first four from 1. */
enum LogLevel {
  ERROR("1"),
  WARN("2"),
  INFO("3"),
  DEBUG("4"),
  TRACE("5");

  private final String number;

  LogLevel(String number) {
    this.number = number;
  }

  /** The level with this name, in any case, or vAccel's number. */
  static Optional<LogLevel> parse(String text) {
    return Arrays.stream(values())
        .filter(level -> level.name().equalsIgnoreCase(text) || level.number.equals(text))
        .findFirst();
  }
}
