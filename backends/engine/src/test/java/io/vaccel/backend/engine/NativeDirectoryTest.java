package io.vaccel.backend.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vaccel.Settings;
import java.io.IOException;
import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NativeDirectoryTest {
  @TempDir Path parent;

  @Test
  void whatAKilledProcessLeft_isRemoved() throws IOException {
    Path left = Files.createDirectories(parent.resolve("vaccel-native-1/javacpp"));
    Files.writeString(left.resolve("library.so"), "native code");
    Files.writeString(parent.resolve("vaccel-native-1/lock"), "");
    Path made = NativeDirectory.make(parent);
    assertThat(parent).isDirectoryContaining(made::equals).isDirectoryNotContaining("glob:**-1");
  }

  @Test
  void whatIsInUse_stays() throws IOException {
    Path first = NativeDirectory.make(parent);
    Path second = NativeDirectory.make(parent);
    assertThat(first).isDirectory().isNotEqualTo(second);
  }

  @Test
  void whatIsInUse_staysAfterGarbageWasCollected() throws Exception {
    Path used = NativeDirectory.make(parent);
    ReferenceQueue<Object> queue = new ReferenceQueue<>();
    PhantomReference<Object> garbage = new PhantomReference<>(new Object(), queue);
    System.gc();
    assertThat((Object) queue.remove(30_000)).as("collected garbage").isSameAs(garbage);
    Process other =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                NativeDirectoryTest.class.getName(),
                parent.toString())
            .inheritIO()
            .start();
    assertThat(other.waitFor()).isZero();
    assertThat(used).isDirectory();
  }

  /** Another process, which makes a directory and removes what is abandoned. */
  public static void main(String[] arguments) throws IOException {
    NativeDirectory.make(Path.of(arguments[0]));
  }

  @Test
  void whatIsNotOurs_stays() throws IOException {
    Path other = Files.createDirectories(parent.resolve("vaccel-native-notes"));
    Path another = Files.createDirectories(parent.resolve("other"));
    NativeDirectory.make(parent);
    assertThat(other).isDirectory();
    assertThat(another).isDirectory();
  }

  @Test
  void linkToADirectory_isNotFollowed() throws IOException {
    Path elsewhere = Files.createDirectory(parent.resolve("elsewhere"));
    Files.writeString(elsewhere.resolve("lock"), "");
    Files.createSymbolicLink(parent.resolve("vaccel-native-1"), elsewhere);
    NativeDirectory.make(parent);
    assertThat(elsewhere.resolve("lock")).exists();
  }

  @Test
  void whatAnotherUserLeft_stays() throws IOException {
    assumeTrue(
        Files.getAttribute(parent, "unix:uid").equals(0), "needs root, to give a directory away");
    Path left = Files.createDirectory(parent.resolve("vaccel-native-1"));
    Files.writeString(left.resolve("lock"), "");
    Files.setAttribute(left, "unix:uid", 65534);
    NativeDirectory.make(parent);
    assertThat(left.resolve("lock")).exists();
  }

  @Test
  void aFileInTheWay_isAnError() throws IOException {
    Path file = Files.writeString(parent.resolve("file"), "");
    assertThatThrownBy(() -> NativeDirectory.make(file)).isInstanceOf(FileSystemException.class);
  }

  @Test
  void engines_haveTheirOwnPlaces() {
    Settings settings = new Settings(Map.of());
    assertThat(NativeDirectory.of(settings, "one"))
        .isDirectory()
        .isEqualTo(NativeDirectory.of(settings, "one"))
        .isNotEqualTo(NativeDirectory.of(settings, "two"));
  }
}
