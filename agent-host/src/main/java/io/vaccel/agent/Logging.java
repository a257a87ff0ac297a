package io.vaccel.agent;

import io.vaccel.Settings;
import java.util.Locale;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import org.slf4j.bridge.SLF4JBridgeHandler;

/**
 * Sets up the program's log: one line an event on standard error, or in {@code VACCEL_LOG_FILE}, as
 * {@code LEVEL logger - message key=value}. Must run before the first logger is made.
 */
final class Logging {
  private static final String PREFIX = "org.slf4j.simpleLogger.";

  private Logging() {}

  static void configure(Optional<LogLevel> asked, Settings environment) {
    LogLevel level =
        asked
            .or(() -> environment.get("VACCEL_LOG_LEVEL").flatMap(LogLevel::parse))
            .orElse(LogLevel.INFO);
    set("defaultLogLevel", level.name().toLowerCase(Locale.ROOT));
    // What Netty and gRPC do in detail is of use to their developers only.
    set("log.io.netty", level == LogLevel.TRACE ? "debug" : "warn");
    set("log.io.grpc", level == LogLevel.TRACE ? "debug" : "warn");
    set("showThreadName", "false");
    set("showShortLogName", "true");
    set("showDateTime", "true");
    set("dateTimeFormat", "yyyy-MM-dd'T'HH:mm:ss.SSS");
    environment.get("VACCEL_LOG_FILE").ifPresent(file -> set("logFile", file));
    // gRPC logs through java.util.logging.
    LogManager.getLogManager().reset();
    Logger.getLogger("").setLevel(level == LogLevel.TRACE ? Level.FINE : Level.INFO);
    SLF4JBridgeHandler.install();
  }

  private static void set(String name, String value) {
    if (System.getProperty(PREFIX + name) == null) {
      System.setProperty(PREFIX + name, value);
    }
  }
}
