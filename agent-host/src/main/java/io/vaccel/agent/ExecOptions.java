package io.vaccel.agent;

import io.vaccel.Digest;
import io.vaccel.VaccelException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** The options that say which guests may have functions of which libraries called. */
final class ExecOptions {
  private static final Pattern LIBRARY = Pattern.compile("([^=]*)=([^:]*)(?::(.*))?");
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
        "tls:SUBJECT, a name that the configuration file gives a guest, or * for all of them."
      })
  private List<String> allowed = new ArrayList<>();

  /**
   * What these options say.
   *
   * @throws IllegalArgumentException when an option has another form than it should
   */
  ExecRules rules() {
    ExecRules rules = ExecRules.none();
    for (String text : libraries) {
      rules = rules.and(parsed("--exec-library", text, ExecOptions::library));
    }
    for (String text : allowed) {
      rules = rules.and(parsed("--exec-allow", text, ExecOptions::allowed));
    }
    return rules;
  }

  private static ExecRules library(String text) {
    Matcher library = match(LIBRARY, text, "NAME=SHA256[:PATH]");
    Optional<String> path = Optional.ofNullable(library.group(3)).map(ExecRules::requirePath);
    return new ExecRules(
        Map.of(
            ExecRules.requireName(library.group(1)),
            new ExecRules.Library(new Digest(library.group(2)), path)),
        Map.of());
  }

  private static ExecRules allowed(String text) {
    Matcher guest = match(ALLOWED, text, "GUEST=NAME[,NAME]");
    return new ExecRules(Map.of(), Map.of(guest.group(1), Set.of(guest.group(2).split(","))));
  }

  private static ExecRules parsed(
      String option, String text, Function<String, ExecRules> conversion) {
    try {
      return conversion.apply(text);
    } catch (VaccelException e) {
      throw new IllegalArgumentException(option + ": '" + text + "': " + e.text(), e);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(option + ": '" + text + "': " + e.getMessage(), e);
    }
  }

  private static Matcher match(Pattern pattern, String text, String form) {
    Matcher matcher = pattern.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("is not " + form);
    }
    return matcher;
  }
}
