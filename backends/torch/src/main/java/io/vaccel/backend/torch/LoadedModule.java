package io.vaccel.backend.torch;

import io.vaccel.Reason;
import io.vaccel.ResourceFile;
import io.vaccel.VaccelException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.global.torch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A module in the engine: frozen for inference, with a program that was prepared. */
final class LoadedModule implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LoadedModule.class);

  private final JitModule module;
  private final boolean changesItself;

  private LoadedModule(JitModule module, boolean changesItself) {
    this.module = module;
    this.changesItself = changesItself;
  }

  /**
   * Loads one.
   *
   * @param directory for the copy that the engine reads
   * @throws VaccelException {@link Reason#MODEL_UNREADABLE} when it is none, or one that may not
   *     run here
   */
  static LoadedModule load(ResourceFile file, Path directory) {
    Path clean = Archive.clean(file, directory);
    try (PointerScope scope = new PointerScope()) {
      // Without what only helps to debug, which is one more thing to parse.
      JitModule loaded = torch.load(clean.toString(), new DeviceOptional(), false);
      // Before freezing, which runs operators whose arguments are constant.
      Operators.problem(loaded)
          .ifPresent(
              problem -> {
                throw Archive.unreadable(file, problem, null);
              });
      loaded.eval();
      JitModule frozen = torch.freeze(loaded);
      boolean changes = Program.prepare(file.name(), frozen);
      // Detaching gives up the scope's reference, which would be the last.
      frozen.retainReference();
      scope.detach(frozen);
      return new LoadedModule(frozen, changes);
    } catch (VaccelException e) {
      throw e;
    } catch (RuntimeException e) {
      throw Archive.unreadable(file, "is not accepted by LibTorch" + EngineMessage.of(e), e);
    } finally {
      try {
        Files.deleteIfExists(clean);
      } catch (IOException e) {
        LOG.warn("cannot remove {}", clean, e);
      }
    }
  }

  /** Whether a run may leave something behind in it. */
  boolean changesItself() {
    return changesItself;
  }

  /** What it takes. */
  @SuppressWarnings("try") // The scope is used by being open.
  Parameters parameters(String model) {
    try (PointerScope scope = new PointerScope()) {
      return Parameters.of(model, module.get_method("forward"));
    }
  }

  /**
   * The module as one run uses it, in the caller's pointer scope; it shares all but the byte that
   * stops it.
   */
  JitModule withStop(ByteBuffer stop) {
    JitModule own = module.copy();
    own.setattr(Program.STOP, new IValue(Program.flag(stop)));
    return own;
  }

  @Override
  public void close() {
    module.close();
  }
}
