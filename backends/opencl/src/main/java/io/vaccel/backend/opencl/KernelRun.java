package io.vaccel.backend.opencl;

import io.vaccel.KernelArgument;
import io.vaccel.Reason;
import io.vaccel.RunKernel;
import io.vaccel.VaccelException;
import io.vaccel.spi.Call;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jocl.CL;
import org.jocl.CLException;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_command_queue;
import org.jocl.cl_event;
import org.jocl.cl_kernel;
import org.jocl.cl_mem;
import org.jocl.cl_program;
import org.jocl.cl_queue_properties;

/** One run of one kernel: its queue, its kernel object and its buffers; used by one thread. */
final class KernelRun implements AutoCloseable {
  private static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final Device device;
  private final RunKernel input;
  private final Call call;
  private final cl_kernel kernel;
  private final cl_command_queue queue;
  private final List<cl_mem> memory = new ArrayList<>();
  private final List<ByteBuffer> hostMemory = new ArrayList<>();
  private final Map<cl_mem, ByteBuffer> results = new LinkedHashMap<>();
  private cl_event done;

  KernelRun(Device device, cl_program program, RunKernel input, Call call) {
    this.device = device;
    this.input = input;
    this.call = call;
    this.kernel = CL.clCreateKernel(program, input.kernel(), null);
    try {
      this.queue =
          CL.clCreateCommandQueueWithProperties(
              device.context(), device.id(), new cl_queue_properties(), null);
    } catch (CLException e) {
      CL.clReleaseKernel(kernel);
      throw e;
    }
  }

  /** Sets the arguments and starts the kernel. */
  void start() {
    KernelSignature.check(kernel, input.arguments());
    for (int i = 0; i < input.arguments().size(); i++) {
      try {
        set(i, input.arguments().get(i));
      } catch (CLException e) {
        throw ClErrors.ofArgument(i, input.arguments().get(i), e);
      }
    }
    cl_event started = new cl_event();
    CL.clEnqueueNDRangeKernel(
        queue,
        kernel,
        input.globalSize().size(),
        null,
        sizes(input.globalSize()),
        input.localSize().isEmpty() ? null : sizes(input.localSize()),
        0,
        null,
        started);
    done = started;
    CL.clFlush(queue);
  }

  /**
   * Waits for the kernel.
   *
   * @throws VaccelException when the call may not go on; the kernel does, see {@link #isDone}
   */
  void await(Call call) {
    long pause = TimeUnit.MICROSECONDS.toNanos(20);
    while (!isDone()) {
      call.check();
      LockSupport.parkNanos(pause);
      pause = Math.min(LONGEST_PAUSE_NANOS, pause * 2);
    }
  }

  /** Whether the device has let go of the kernel and its buffers. */
  boolean isDone() {
    return done == null || status() <= CL.CL_COMPLETE;
  }

  /** Blocks until {@link #isDone}. */
  void awaitEnd() {
    CL.clWaitForEvents(1, new cl_event[] {done});
  }

  /** What the kernel wrote. */
  List<ByteBuffer> results() {
    if (status() < 0) {
      throw new VaccelException(
          Reason.ENGINE_FAILED, "the kernel failed: " + CL.stringFor_errorCode(status()));
    }
    results.forEach(
        (from, to) ->
            CL.clEnqueueReadBuffer(
                queue, from, CL.CL_TRUE, 0, to.remaining(), Pointer.to(to), 0, null, null));
    return List.copyOf(results.values());
  }

  @Override
  public void close() {
    if (done != null) {
      CL.clReleaseEvent(done);
    }
    memory.forEach(CL::clReleaseMemObject);
    CL.clReleaseKernel(kernel);
    CL.clReleaseCommandQueue(queue);
    hostMemory.clear();
  }

  private int status() {
    int[] status = new int[1];
    CL.clGetEventInfo(
        done, CL.CL_EVENT_COMMAND_EXECUTION_STATUS, Sizeof.cl_int, Pointer.to(status), null);
    return status[0];
  }

  private void set(int index, KernelArgument argument) {
    if (argument instanceof KernelArgument.Local local) {
      CL.clSetKernelArg(kernel, index, local.bytes(), null);
    } else if (argument instanceof KernelArgument.Scalar scalar) {
      CL.clSetKernelArg(kernel, index, scalar.bytes(), Pointer.to(direct(scalar.data())));
    } else if (argument instanceof KernelArgument.Input in) {
      buffer(index, CL.CL_MEM_READ_ONLY, direct(in.data()));
    } else if (argument instanceof KernelArgument.InputOutput both) {
      ByteBuffer copy = direct(both.data());
      results.put(buffer(index, CL.CL_MEM_READ_WRITE, copy), copy);
    } else if (argument instanceof KernelArgument.Output out) {
      // Zeros: what the process had in that memory before is nobody's business.
      ByteBuffer zeros = allocate(out.bytes());
      results.put(buffer(index, CL.CL_MEM_READ_WRITE, zeros), zeros);
    }
  }

  private cl_mem buffer(int index, long access, ByteBuffer content) {
    hostMemory.add(content);
    cl_mem buffer =
        CL.clCreateBuffer(
            device.context(),
            access | CL.CL_MEM_COPY_HOST_PTR,
            content.remaining(),
            Pointer.to(content),
            null);
    memory.add(buffer);
    CL.clSetKernelArg(kernel, index, Sizeof.cl_mem, Pointer.to(buffer));
    return buffer;
  }

  /** A copy, because the driver can be given neither read-only nor heap memory. */
  private ByteBuffer direct(ByteBuffer data) {
    return allocate(data.remaining()).put(data).flip();
  }

  private ByteBuffer allocate(long bytes) {
    call.takeMemory(bytes);
    try {
      return ByteBuffer.allocateDirect(Math.toIntExact(bytes)).order(ByteOrder.LITTLE_ENDIAN);
    } catch (OutOfMemoryError e) {
      throw new VaccelException(
          Reason.QUOTA_EXCEEDED, "there is no memory for a buffer of " + bytes + " bytes", e);
    }
  }

  private static long[] sizes(List<Long> sizes) {
    return sizes.stream().mapToLong(Long::longValue).toArray();
  }
}
