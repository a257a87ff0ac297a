package io.vaccel;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a result was computed: which plugin, on which device, through which agents, and how long
 * the parts took.
 *
 * @param plugin the plugin that did the work, for instance {@code onnx}
 * @param device what it ran on, for instance {@code CPU} or {@code CUDA:0}
 * @param path the endpoints of the agents between the caller and the plugin, nearest first; empty
 *     when it ran here
 * @param stages the parts of the work, in order
 */
public record ExecutedOn(String plugin, String device, List<String> path, List<Stage> stages) {
  /** Copies the lists. */
  public ExecutedOn {
    path = List.copyOf(path);
    stages = List.copyOf(stages);
  }

  /** Work done in this process. */
  public static ExecutedOn here(String plugin, String device, Stage... stages) {
    return new ExecutedOn(plugin, device, List.of(), List.of(stages));
  }

  /** The same, seen from one agent further away. */
  public ExecutedOn via(String endpoint) {
    List<String> longer = new ArrayList<>(path.size() + 1);
    longer.add(endpoint);
    longer.addAll(path);
    return new ExecutedOn(plugin, device, longer, stages);
  }

  /** The same with these stages before the others. */
  public ExecutedOn after(Stage... earlier) {
    List<Stage> all = new ArrayList<>(List.of(earlier));
    all.addAll(stages);
    return new ExecutedOn(plugin, device, path, all);
  }

  /** The same with one more stage at the end. */
  public ExecutedOn then(String name, Duration elapsed) {
    List<Stage> all = new ArrayList<>(stages);
    all.add(new Stage(name, elapsed));
    return new ExecutedOn(plugin, device, path, all);
  }

  /** Whether no agent was involved. */
  public boolean isLocal() {
    return path.isEmpty();
  }

  /**
   * For instance {@code agent vsock:2:2048, plugin onnx, CPU}, or {@code here, plugin onnx, CPU}.
   */
  @Override
  public String toString() {
    String where = path.isEmpty() ? "here" : "agent " + String.join(" -> ", path);
    return where + ", plugin " + plugin + ", " + device;
  }
}
