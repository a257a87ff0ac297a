package io.vaccel.backend.opencl;

import static org.jocl.CL.CL_PROGRAM_BUILD_LOG;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jocl.CL;
import org.jocl.CLException;
import org.jocl.Pointer;
import org.jocl.cl_device_id;
import org.jocl.cl_program;

/**
 * The compiled sources of one session, the least recently used of which go first. Safe for use by
 * several threads; a program that is in use is not released.
 */
final class Programs implements AutoCloseable {
  /** Sources that a session keeps compiled. */
  private static final int MAX_PROGRAMS = 16;

  /** Lets the types of a kernel's arguments be asked for, so that none is passed as another. */
  private static final String OPTIONS = "-cl-kernel-arg-info";

  private final Device device;
  private final Map<String, cl_program> compiled = new LinkedHashMap<>(16, 0.75f, true);

  Programs(Device device) {
    this.device = device;
  }

  /** A compiled source for one call; holds it until it is closed. */
  record Use(cl_program program, boolean isNew) implements AutoCloseable {
    @Override
    public void close() {
      CL.clReleaseProgram(program);
    }
  }

  /**
   * The source, compiled now or earlier.
   *
   * @throws io.vaccel.VaccelException {@link io.vaccel.Reason#ARGUMENT_INVALID} with the compiler's
   *     words
   */
  synchronized Use use(String source) {
    cl_program known = compiled.get(source);
    boolean isNew = known == null;
    if (isNew) {
      known = compile(source);
      compiled.put(source, known);
      if (compiled.size() > MAX_PROGRAMS) {
        var eldest = compiled.entrySet().iterator();
        CL.clReleaseProgram(eldest.next().getValue());
        eldest.remove();
      }
    }
    // The driver counts who holds a program: a released one lives on until its last user is done.
    CL.clRetainProgram(known);
    return new Use(known, isNew);
  }

  @Override
  public synchronized void close() {
    compiled.values().forEach(CL::clReleaseProgram);
    compiled.clear();
  }

  private cl_program compile(String source) {
    SourceRules.check(source);
    String options = OPTIONS + SourceRules.options(source);
    try {
      cl_program program =
          CL.clCreateProgramWithSource(device.context(), 1, new String[] {source}, null, null);
      try {
        CL.clBuildProgram(program, 1, new cl_device_id[] {device.id()}, options, null, null);
        return program;
      } catch (CLException e) {
        String log = log(program);
        CL.clReleaseProgram(program);
        throw ClErrors.notCompiled(log, e);
      }
    } catch (CLException e) {
      throw ClErrors.of("compiling", e);
    }
  }

  private String log(cl_program program) {
    long[] size = new long[1];
    CL.clGetProgramBuildInfo(program, device.id(), CL_PROGRAM_BUILD_LOG, 0, null, size);
    byte[] log = new byte[(int) Math.min(size[0], 1 << 20)];
    CL.clGetProgramBuildInfo(
        program, device.id(), CL_PROGRAM_BUILD_LOG, log.length, Pointer.to(log), null);
    return new String(log, StandardCharsets.UTF_8).replace("\0", "");
  }
}
