package io.vaccel.backend.opencl;

import io.vaccel.RunKernel;
import io.vaccel.VaccelException;
import io.vaccel.spi.Call;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jocl.CL;
import org.jocl.CLException;
import org.jocl.cl_program;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The device, and the kernels on it. A kernel cannot be stopped: one that outlives its call is
 * waited for by a thread of its own, and nothing else is run meanwhile. Safe for use by several
 * threads.
 */
final class Engine {
  private static final Logger LOG = LoggerFactory.getLogger(Engine.class);

  private final Device device;
  private final OpenClSettings settings;
  private final AtomicInteger endless = new AtomicInteger();

  Engine(Device device, OpenClSettings settings) {
    this.device = device;
    this.settings = settings;
  }

  Device device() {
    return device;
  }

  OpenClSettings settings() {
    return settings;
  }

  /** For instance {@code CPU (OpenCL)}. */
  String deviceName() {
    return (device.isGpu() ? "GPU" : "CPU") + " (OpenCL)";
  }

  /** Kernels that go on although their calls have ended. */
  int endless() {
    return endless.get();
  }

  List<ByteBuffer> run(cl_program program, RunKernel input, Call call) {
    KernelRun run = new KernelRun(device, program, input, call);
    try {
      run.start();
      run.await(call);
      return run.results();
    } finally {
      end(run, program);
    }
  }

  private void end(KernelRun run, cl_program program) {
    if (run.isDone()) {
      run.close();
      return;
    }
    endless.incrementAndGet();
    CL.clRetainProgram(program);
    LOG.warn("a kernel goes on after the end of its call; no other is run until it ends");
    Thread waiting =
        new Thread(
            () -> {
              try {
                run.awaitEnd();
                run.close();
                CL.clReleaseProgram(program);
              } catch (CLException | VaccelException e) {
                LOG.warn("waiting for a kernel failed", e);
              } finally {
                endless.decrementAndGet();
              }
            },
            "vaccel-opencl-endless");
    waiting.setDaemon(true);
    waiting.start();
  }
}
