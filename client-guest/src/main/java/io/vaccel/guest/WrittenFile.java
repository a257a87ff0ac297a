package io.vaccel.guest;

import java.nio.file.Path;

/**
 * A file that was written of a result.
 *
 * @param what it holds: the name of its field in JSON, for instance {@code annotated}
 * @param file where it is
 */
record WrittenFile(String what, Path file) {}
