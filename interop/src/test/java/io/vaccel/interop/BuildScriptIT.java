package io.vaccel.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./vaccel build}, in a tree whose programs are built already. */
final class BuildScriptIT {
  private static final int JAVA = Runtime.version().feature();

  @TempDir Path root;

  private Path lib;

  @BeforeEach
  void builtTree() throws IOException {
    Files.copy(Programs.VACCEL, root.resolve("vaccel"));
    script("tools/mvn", "echo 'nothing is to be built' >&2; exit 1");
    for (String program : new String[] {"agent/bin/vaccel-agent", "guest/bin/vaccel-guest"}) {
      script("deploy/target/dist/" + program, "exit 1");
    }
    lib = root.resolve("deploy/target/dist/agent/lib");
    Files.createDirectories(lib);
    Files.createDirectories(root.resolve("deploy/target/dist/guest/lib"));
  }

  @Test
  void archivesOfClasses_areMadeAgain_afterAnotherBuildRemovedThem() throws IOException {
    script(
        "deploy/class-archives",
        "cd \"$(dirname \"$0\")/target/dist\"; echo run >>runs\n"
            + "touch {agent,guest}/lib/classes-%d.jsa".formatted(JAVA));

    assertThat(build().err()).isEmpty();
    assertThat(runs()).isEqualTo("run\n");
    assertThat(build().err()).isEmpty();
    assertThat(runs()).as("they are there").isEqualTo("run\n");

    Files.delete(lib.resolve("classes-%d.jsa".formatted(JAVA)));
    Files.createFile(lib.resolve("classes-1.jsa"));
    assertThat(build().err()).isEmpty();
    assertThat(runs()).as("there is one of another Java").isEqualTo("run\nrun\n");
  }

  @Test
  void archivesThatCannotBeMade_areNotNeeded() throws IOException {
    script("deploy/class-archives", "echo run >>\"$(dirname \"$0\")/target/dist/runs\"; exit 1");
    assertThat(build().err()).contains("the programs start more slowly");
    assertThat(build().err()).isEmpty();
    assertThat(runs()).as("not tried again").isEqualTo("run\n");
  }

  private String runs() throws IOException {
    return Files.readString(root.resolve("deploy/target/dist/runs"));
  }

  private Programs.Finished build() {
    Programs.Finished built =
        Programs.run(
            root,
            Map.of(
                "PATH",
                root.resolve("tools") + ":/usr/bin:/bin",
                "JAVA_HOME",
                System.getProperty("java.home")),
            root.resolve("vaccel"),
            "build");
    assertThat(built.status()).as(built.err()).isZero();
    return built;
  }

  private void script(String name, String text) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/bash\n" + text + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
