package io.vaccel.agent;

import io.vaccel.Digest;
import io.vaccel.Settings;
import io.vaccel.VaccelException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** The options that say which guests may have functions of which libraries called. */
final class ExecOptions {
  /** The setting by which the plugin learns of the libraries. */
  private static final String LIBRARIES = "VACCEL_EXEC_LIBRARIES";

  private static final Pattern LIBRARY =
      Pattern.compile("([A-Za-z0-9_.-]{1,100})=([^:]*)(:/\\S*)?");
  private static final Pattern ALLOWED = Pattern.compile("(.+)=([A-Za-z0-9_.,-]+)");

  @Option(
      names = "--exec-library",
      paramLabel = "NAME=SHA256[:PATH]",
      description = {
        "Allow a library for exec, by its SHA-256: one on this machine, or without PATH one",
        "that guests bring. Without this option exec is off."
      })
  private List<String> libraries = new ArrayList<>();

  @Option(
      names = "--exec-allow",
      paramLabel = "GUEST=NAME[,NAME]",
      description = {
        "Let a guest call functions of these libraries: vsock:CID, hybrid:PATH, unix:UID,",
        "tls:SUBJECT, or * for all of them."
      })
  private List<String> allowed = new ArrayList<>();

  /** The settings with the libraries of these options. */
  Settings settings(Settings settings) {
    return libraries.isEmpty() ? settings : settings.with(LIBRARIES, String.join(" ", libraries));
  }

  /**
   * Who may use them.
   *
   * @throws IllegalArgumentException when an option has another form than it should
   */
  ExecPolicy policy() {
    Map<String, Digest> digests = new HashMap<>();
    for (String text : libraries) {
      Matcher library = match(LIBRARY, text, "--exec-library", "NAME=SHA256[:PATH]");
      try {
        if (digests.put(library.group(1), new Digest(library.group(2))) != null) {
          throw new IllegalArgumentException(
              "--exec-library: two libraries are named '" + library.group(1) + "'");
        }
      } catch (VaccelException e) {
        throw new IllegalArgumentException("--exec-library: '" + text + "': " + e.text(), e);
      }
    }
    Map<String, Set<String>> guests = new HashMap<>();
    for (String text : allowed) {
      Matcher guest = match(ALLOWED, text, "--exec-allow", "GUEST=NAME[,NAME]");
      guests.merge(guest.group(1), Set.of(guest.group(2).split(",")), ExecOptions::both);
    }
    try {
      return new ExecPolicy(digests, guests);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("--exec-allow: " + e.getMessage(), e);
    }
  }

  private static Set<String> both(Set<String> some, Set<String> more) {
    Set<String> all = new java.util.HashSet<>(some);
    all.addAll(more);
    return all;
  }

  private static Matcher match(Pattern pattern, String text, String option, String form) {
    Matcher matcher = pattern.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(option + ": '" + text + "' is not " + form);
    }
    return matcher;
  }
}
