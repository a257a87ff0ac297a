package io.vaccel.agent;

import io.vaccel.Digest;
import io.vaccel.Settings;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What the operator says about exec, in the configuration file and on the command line; immutable.
 *
 * @param libraries by the operator's names
 * @param allowed names of libraries by guest: its name in the configuration, its {@link
 *     io.vaccel.transport.Peer#owner}, or {@link ExecPolicy#EVERYBODY}
 */
record ExecRules(Map<String, Library> libraries, Map<String, Set<String>> allowed) {
  /** The setting by which the plugin learns of the libraries. */
  private static final String LIBRARIES = "VACCEL_EXEC_LIBRARIES";

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,100}");
  private static final Pattern PATH = Pattern.compile("/\\S*");

  /**
   * A library that may be called.
   *
   * @param digest of its file
   * @param path where it lies on this machine; empty when guests bring it
   */
  record Library(Digest digest, Optional<String> path) {}

  ExecRules {
    libraries = Map.copyOf(libraries);
    allowed = Map.copyOf(allowed);
  }

  static ExecRules none() {
    return new ExecRules(Map.of(), Map.of());
  }

  /**
   * The text if a library can be called so.
   *
   * @throws IllegalArgumentException saying what a name consists of
   */
  static String requireName(String name) {
    return require(NAME, name, "a library's name has at most 100 letters, digits and . _ -");
  }

  /**
   * The text if a library can lie there.
   *
   * @throws IllegalArgumentException saying what a path is
   */
  static String requirePath(String path) {
    return require(PATH, path, "a library's path is absolute and has no spaces");
  }

  /**
   * All that either says.
   *
   * @throws IllegalArgumentException when two libraries have one name
   */
  ExecRules and(ExecRules more) {
    Map<String, Library> allLibraries = new HashMap<>(libraries);
    more.libraries.forEach(
        (name, library) -> {
          if (allLibraries.put(name, library) != null) {
            throw new IllegalArgumentException("two libraries are named '" + name + "'");
          }
        });
    Map<String, Set<String>> allAllowed = new HashMap<>(allowed);
    more.allowed.forEach((guest, names) -> allAllowed.merge(guest, names, ExecRules::both));
    return new ExecRules(allLibraries, allAllowed);
  }

  /**
   * Who may what, once it is known whom the names of guests mean.
   *
   * @throws IllegalArgumentException when there is no such guest or no such library
   */
  ExecPolicy policy(GuestNames names) {
    Map<String, Digest> digests = new HashMap<>();
    libraries.forEach((name, library) -> digests.put(name, library.digest()));
    Map<String, Set<String>> guests = new LinkedHashMap<>();
    allowed.forEach(
        (guest, allowedNames) -> guests.merge(owner(guest, names), allowedNames, ExecRules::both));
    return new ExecPolicy(digests, guests);
  }

  /**
   * The owner that a guest is known by.
   *
   * @throws IllegalArgumentException when nobody can be meant
   */
  static String owner(String guest, GuestNames names) {
    return guest.equals(ExecPolicy.EVERYBODY)
        ? guest
        : names.owner(guest).orElseGet(() -> requireOwner(guest));
  }

  private static String requireOwner(String guest) {
    if (guest.indexOf(':') < 0) {
      throw new IllegalArgumentException("there is no guest '" + guest + "'");
    }
    return GuestNames.requireOwner(guest);
  }

  /** The settings of the plugin that calls these libraries. */
  Settings settings(Settings settings) {
    return libraries.isEmpty()
        ? settings
        : settings.with(
            LIBRARIES,
            new TreeMap<>(libraries)
                .entrySet().stream()
                    .map(entry -> setting(entry.getKey(), entry.getValue()))
                    .collect(Collectors.joining(" ")));
  }

  private static String setting(String name, Library library) {
    String path = library.path().map(place -> ":" + place).orElse("");
    return name + "=" + library.digest() + path;
  }

  private static Set<String> both(Set<String> some, Set<String> more) {
    Set<String> all = new HashSet<>(some);
    all.addAll(more);
    return all;
  }

  private static String require(Pattern form, String text, String otherwise) {
    if (!form.matcher(text).matches()) {
      throw new IllegalArgumentException(otherwise);
    }
    return text;
  }
}
