package io.vaccel;

import java.time.Duration;

/**
 * How long one part of the work took.
 *
 * @param name for instance {@code decode}, {@code inference}, {@code round trip}
 * @param elapsed wall-clock time of that part
 */
public record Stage(String name, Duration elapsed) {}
