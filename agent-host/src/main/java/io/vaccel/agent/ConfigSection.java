package io.vaccel.agent;

import io.vaccel.VaccelException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * A mapping of the configuration file. Its keys are taken one by one, each as the type that is
 * expected there; {@link #end} complains of those that nobody took. Whatever is wrong is a {@link
 * ConfigException} with file and line. Scalars are text until somebody converts them, so that
 * {@code no}, {@code 0660} and {@code 1e3} are what is written. Used by one thread.
 */
final class ConfigSection {
  private final Path file;
  private final String name;
  private final Node node;
  private final Map<String, Node> values = new LinkedHashMap<>();
  private final Set<String> known = new TreeSet<>();

  private ConfigSection(Path file, String name, Node node) throws ConfigException {
    this.file = file;
    this.name = name;
    this.node = node;
    if (!(node instanceof MappingNode mapping)) {
      throw error(node, name + " must be keys with values");
    }
    for (NodeTuple tuple : mapping.getValue()) {
      String key = scalar("a key of " + name, tuple.getKeyNode());
      if (values.put(key, tuple.getValueNode()) != null) {
        throw error(tuple.getKeyNode(), "'" + key + "' stands twice in " + name);
      }
    }
  }

  /** The whole file, from its text. */
  static ConfigSection parse(Path file, String text) throws ConfigException {
    LoadSettings settings =
        LoadSettings.builder().setLabel(file.toString()).setMaxAliasesForCollections(0).build();
    try {
      List<Node> documents = new ArrayList<>();
      new Compose(settings).composeAllFromString(text).forEach(documents::add);
      if (documents.size() != 1) {
        throw new ConfigException(
            file.toString(), "holds " + documents.size() + " documents, not one");
      }
      return new ConfigSection(file, "the file", documents.get(0));
    } catch (MarkedYamlEngineException e) {
      String line = e.getProblemMark().map(mark -> ":" + (mark.getLine() + 1)).orElse("");
      throw new ConfigException(file + line, e.getProblem());
    } catch (YamlEngineException e) {
      throw new ConfigException(
          file.toString(), String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
    }
  }

  /** The text of a key, converted; what the conversion refuses is an error of that line. */
  <T> Optional<T> value(String key, Function<String, T> conversion) throws ConfigException {
    Node value = take(key);
    return value == null ? Optional.empty() : Optional.of(convert(key, value, conversion));
  }

  /** The same for a key that must be there. */
  <T> T required(String key, Function<String, T> conversion) throws ConfigException {
    return value(key, conversion).orElseThrow(() -> error(name + " needs '" + key + "'"));
  }

  /** A list of texts, each converted; empty when the key is missing. */
  <T> List<T> values(String key, Function<String, T> conversion) throws ConfigException {
    List<T> converted = new ArrayList<>();
    for (Node item : items(key)) {
      converted.add(convert(key, item, conversion));
    }
    return converted;
  }

  /** A mapping below this one. */
  Optional<ConfigSection> section(String key) throws ConfigException {
    Node value = take(key);
    return value == null
        ? Optional.empty()
        : Optional.of(new ConfigSection(file, "'" + key + "'", value));
  }

  /** A list of mappings; empty when the key is missing. */
  List<ConfigSection> sections(String key) throws ConfigException {
    List<ConfigSection> sections = new ArrayList<>();
    for (Node item : items(key)) {
      sections.add(new ConfigSection(file, "an entry of '" + key + "'", item));
    }
    return sections;
  }

  /** The keys that are there, for a section whose keys are names. */
  List<String> keys() {
    return List.copyOf(values.keySet());
  }

  /** Nothing else is expected here. */
  void end() throws ConfigException {
    for (Map.Entry<String, Node> value : values.entrySet()) {
      if (!known.contains(value.getKey())) {
        throw error(
            value.getValue(),
            "'%s' is unknown in %s; known: %s"
                .formatted(value.getKey(), name, String.join(", ", known)));
      }
    }
  }

  /** An error of this section. */
  ConfigException error(String problem) {
    return error(node, problem);
  }

  private Node take(String key) {
    known.add(key);
    return values.get(key);
  }

  private List<Node> items(String key) throws ConfigException {
    Node value = take(key);
    if (value == null) {
      return List.of();
    }
    if (value instanceof SequenceNode sequence) {
      return sequence.getValue();
    }
    throw error(value, "'" + key + "' must be a list: one '- ' for each entry");
  }

  private <T> T convert(String key, Node value, Function<String, T> conversion)
      throws ConfigException {
    String text = scalar("'" + key + "'", value);
    try {
      return conversion.apply(text);
    } catch (VaccelException e) {
      throw error(value, "'" + key + "': " + e.text());
    } catch (IllegalArgumentException e) {
      throw error(value, "'" + key + "': " + e.getMessage());
    }
  }

  private String scalar(String what, Node value) throws ConfigException {
    if (value instanceof ScalarNode scalar && !scalar.getValue().isEmpty()) {
      return scalar.getValue();
    }
    throw error(value, what + " must be one value");
  }

  private ConfigException error(Node where, String problem) {
    String line = where.getStartMark().map(Mark::getLine).map(at -> ":" + (at + 1)).orElse("");
    return new ConfigException(file + line, problem);
  }
}
