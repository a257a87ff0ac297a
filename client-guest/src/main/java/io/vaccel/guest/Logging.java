package io.vaccel.guest;

import java.util.logging.Level;
import java.util.logging.Logger;

/** Sets up the log on standard error, before the first logger is made. */
final class Logging {
  private Logging() {}

  /**
   * Off, since each error is reported by its command in one line; with {@code verbose} all that
   * this project logs.
   */
  static void configure(boolean verbose) {
    preset("org.slf4j.simpleLogger.defaultLogLevel", verbose ? "info" : "off");
    preset("org.slf4j.simpleLogger.log.io.vaccel", verbose ? "debug" : "off");
    if (!verbose) {
      // gRPC logs by the JDK.
      Logger.getLogger("").setLevel(Level.OFF);
    }
    preset("org.slf4j.simpleLogger.showThreadName", "false");
    preset("org.slf4j.simpleLogger.showShortLogName", "true");
  }

  /** For a command that goes on until it is stopped: one line an event, with its time. */
  static void configureService(boolean verbose) {
    preset("org.slf4j.simpleLogger.defaultLogLevel", "warn");
    preset("org.slf4j.simpleLogger.log.io.vaccel", verbose ? "debug" : "info");
    preset("org.slf4j.simpleLogger.showThreadName", "false");
    preset("org.slf4j.simpleLogger.showShortLogName", "true");
    preset("org.slf4j.simpleLogger.showDateTime", "true");
    preset("org.slf4j.simpleLogger.dateTimeFormat", "yyyy-MM-dd'T'HH:mm:ss.SSS");
  }

  private static void preset(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }
}
