package io.vaccel.backend.exec.child;

import com.sun.jna.Function;
import com.sun.jna.Pointer;
import java.io.DataInputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;

/**
 * The process of one call: reads a {@link Job}, restricts itself, calls the function, answers, and
 * ends. Its one argument is the directory of the libraries.
 *
 * <p>The process that starts it has given up the right to open files, and to gain rights, before;
 * what only this process can give up follows here, before anything of a library runs.
 */
public final class ChildMain {
  /** The status of a process that has nobody to answer to. */
  public static final int CANNOT_ANSWER = 103;

  private static final int NOW_AND_GLOBAL = 0x102;
  private static final int GET_NO_NEW_PRIVILEGES = 39;

  private ChildMain() {}

  /** Does one job. */
  public static void main(String[] arguments) throws IOException {
    Job job;
    ArgumentArray read;
    ArgumentArray write;
    try (FileInputStream input = new FileInputStream(FileDescriptor.in)) {
      job = Job.read(new DataInputStream(input));
      FileChannel bytes = input.getChannel();
      read = ArgumentArray.read("read", job.read(), job.compact(), bytes);
      write = ArgumentArray.read("write", job.write(), job.compact(), bytes);
      Answer answer = Answer.takeOver(job.nonce());
      perform(job, arguments[0], read, write, answer);
    }
    // Not exit: nothing that a library left behind shall run.
    Runtime.getRuntime().halt(0);
  }

  private static void perform(
      Job job, String directory, ArgumentArray read, ArgumentArray write, Answer answer) {
    try {
      isolate(job);
    } catch (IllegalStateException | IOException e) {
      answer.send(Outcome.NOT_ISOLATED, String.valueOf(e.getMessage()));
      return;
    }
    Pointer library = Pointer.NULL;
    for (String name : job.libraries()) {
      library = Libc.dlopen(directory + "/" + name, NOW_AND_GLOBAL);
      if (library == null) {
        answer.send(
            Outcome.UNLOADABLE, String.valueOf(Libc.dlerror()).replace(directory + "/", ""));
        return;
      }
    }
    if (library == null) {
      // A job without libraries only tries whether isolation can be had.
      answer.send(Outcome.WRITTEN, write);
      return;
    }
    Pointer function = Libc.dlsym(library, job.symbol());
    if (function == null) {
      answer.send(Outcome.NO_FUNCTION, "");
      return;
    }
    // What comes after the call is tried before it: a library may leave no descriptor to load more
    // classes with.
    Outcome expected = overrun(read, write).isEmpty() ? Outcome.WRITTEN : Outcome.OVERRUN;
    int returned =
        Function.getFunction(function)
            .invokeInt(
                new Object[] {
                  read.entries(), (long) read.count(), write.entries(), (long) write.count()
                });
    if (!overrun(read, write).isEmpty()) {
      answer.send(Outcome.OVERRUN, overrun(read, write));
    } else if (returned != 0) {
      answer.send(Outcome.RETURNED, Integer.toString(returned));
    } else {
      answer.send(expected, write);
    }
  }

  private static String overrun(ArgumentArray read, ArgumentArray write) {
    return read.overrun().isEmpty() ? write.overrun() : read.overrun();
  }

  private static void isolate(Job job) throws IOException {
    if (Libc.prctl(GET_NO_NEW_PRIVILEGES, 0, 0, 0, 0) != 1) {
      throw new IllegalStateException("new privileges could be gained");
    }
    if (Libc.open("/", 0) >= 0) {
      throw new IllegalStateException("files of the host could be opened");
    }
    Abi abi =
        Abi.current().orElseThrow(() -> new IllegalStateException("no isolation on this platform"));
    Limits.set(job);
    SystemCalls.restrict(abi, Math.toIntExact(ProcessHandle.current().pid()));
  }
}
