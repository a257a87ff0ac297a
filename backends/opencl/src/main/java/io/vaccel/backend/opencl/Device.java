package io.vaccel.backend.opencl;

import static org.jocl.CL.CL_DEVICE_NAME;
import static org.jocl.CL.CL_DEVICE_TYPE;
import static org.jocl.CL.CL_DEVICE_TYPE_ALL;
import static org.jocl.CL.CL_DEVICE_TYPE_GPU;
import static org.jocl.CL.CL_DRIVER_VERSION;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jocl.CL;
import org.jocl.CLException;
import org.jocl.Pointer;
import org.jocl.cl_context;
import org.jocl.cl_context_properties;
import org.jocl.cl_device_id;
import org.jocl.cl_platform_id;

/**
 * One device with a context on it; safe for use by several threads.
 *
 * @param id the driver's id
 * @param context what programs, queues and buffers belong to
 * @param isGpu whether it is a GPU
 * @param name the driver's name for it
 * @param driver the driver's version
 */
record Device(cl_device_id id, cl_context context, boolean isGpu, String name, String driver) {
  private static final int MAX_DEVICES = 64;

  /**
   * The first GPU that there is, else the first other device; empty when no driver is installed.
   *
   * @throws LinkageError when OpenCL's loader is not installed
   */
  static Optional<Device> first() {
    CL.setExceptionsEnabled(true);
    List<Candidate> all = candidates();
    return all.stream()
        .filter(Candidate::isGpu)
        .findFirst()
        .or(() -> all.stream().findFirst())
        .map(Device::open);
  }

  void close() {
    CL.clReleaseContext(context);
  }

  private record Candidate(cl_platform_id platform, cl_device_id device) {
    boolean isGpu() {
      long[] type = new long[1];
      CL.clGetDeviceInfo(device, CL_DEVICE_TYPE, Long.BYTES, Pointer.to(type), null);
      return (type[0] & CL_DEVICE_TYPE_GPU) != 0;
    }
  }

  private static List<Candidate> candidates() {
    List<Candidate> found = new ArrayList<>();
    try {
      cl_platform_id[] platforms = new cl_platform_id[MAX_DEVICES];
      int[] platformCount = new int[1];
      CL.clGetPlatformIDs(platforms.length, platforms, platformCount);
      for (int i = 0; i < Math.min(MAX_DEVICES, platformCount[0]); i++) {
        cl_device_id[] devices = new cl_device_id[MAX_DEVICES];
        int[] deviceCount = new int[1];
        CL.clGetDeviceIDs(platforms[i], CL_DEVICE_TYPE_ALL, devices.length, devices, deviceCount);
        for (int j = 0; j < Math.min(MAX_DEVICES, deviceCount[0]); j++) {
          found.add(new Candidate(platforms[i], devices[j]));
        }
      }
    } catch (CLException e) {
      // A platform without devices, or no platform: CL_DEVICE_NOT_FOUND, CL_PLATFORM_NOT_FOUND_KHR.
      return found;
    }
    return found;
  }

  private static Device open(Candidate chosen) {
    cl_context_properties properties = new cl_context_properties();
    properties.addProperty(CL.CL_CONTEXT_PLATFORM, chosen.platform());
    cl_context context =
        CL.clCreateContext(properties, 1, new cl_device_id[] {chosen.device()}, null, null, null);
    return new Device(
        chosen.device(),
        context,
        chosen.isGpu(),
        text(chosen.device(), CL_DEVICE_NAME),
        text(chosen.device(), CL_DRIVER_VERSION));
  }

  private static String text(cl_device_id device, int what) {
    byte[] text = new byte[256];
    long[] size = new long[1];
    CL.clGetDeviceInfo(device, what, text.length, Pointer.to(text), size);
    int length = (int) Math.max(0, Math.min(text.length, size[0]) - 1);
    return new String(text, 0, length, java.nio.charset.StandardCharsets.UTF_8).strip();
  }
}
