package io.vaccel.guest;

import io.vaccel.Settings;

/** The program {@code vaccel-guest}: exit code 0 is success, 1 failure, 2 wrong usage. */
public final class GuestMain {
  private GuestMain() {}

  /** Runs one command and ends the process. */
  public static void main(String[] arguments) {
    Settings environment = Settings.ofEnvironment();
    Console console = Console.ofProcess(environment);
    int code = GuestCommand.run(console, environment, RuntimeSource.CLASS_PATH, arguments);
    console.flush();
    System.exit(code);
  }
}
