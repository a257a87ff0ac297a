package io.vaccel.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileFailureTest {
  @TempDir Path directory;

  @Test
  void missingAndForbiddenFiles_areNamedWithTheCause() {
    Path none = directory.resolve("none");
    assertThatIOException()
        .isThrownBy(() -> Files.readString(none))
        .extracting(FileFailure::text)
        .isEqualTo(none + ": there is no such file");
    assertThat(FileFailure.text(new AccessDeniedException("/f")))
        .isEqualTo("/f: permission denied");
  }

  @Test
  void causeThatIsKnown_staysAsItIs() {
    assertThat(FileFailure.text(new FileSystemException("/f", null, "No space left on device")))
        .isEqualTo("/f: No space left on device");
    assertThat(FileFailure.text(new IOException("broken"))).isEqualTo("broken");
    assertThat(FileFailure.text(new IOException())).isEqualTo("IOException");
  }
}
