package io.vaccel.guest;

import java.util.Optional;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints. */
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {
      GuestCommand.NAME + " " + number(),
      "Java " + System.getProperty("java.version") + ", " + System.getProperty("os.arch")
    };
  }

  /** The version in the jar's manifest. */
  static String number() {
    return Optional.ofNullable(Version.class.getPackage().getImplementationVersion())
        .orElse("(not packaged)");
  }
}
