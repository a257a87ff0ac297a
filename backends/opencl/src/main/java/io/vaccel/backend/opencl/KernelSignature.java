package io.vaccel.backend.opencl;

import io.vaccel.KernelArgument;
import io.vaccel.VaccelException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jocl.CL;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_kernel;

/**
 * Compares the arguments of a call with the kernel's parameters, before any is set: a driver takes
 * eight bytes that are given for a pointer to be a pointer.
 */
final class KernelSignature {
  private KernelSignature() {}

  static void check(cl_kernel kernel, List<KernelArgument> arguments) {
    int[] count = new int[1];
    CL.clGetKernelInfo(kernel, CL.CL_KERNEL_NUM_ARGS, Sizeof.cl_uint, Pointer.to(count), null);
    if (count[0] != arguments.size()) {
      throw VaccelException.ofField(
          "arguments", "are " + arguments.size() + ", the kernel takes " + count[0]);
    }
    for (int i = 0; i < count[0]; i++) {
      check(kernel, i, arguments.get(i));
    }
  }

  private static void check(cl_kernel kernel, int index, KernelArgument argument) {
    int[] space = new int[1];
    CL.clGetKernelArgInfo(
        kernel, index, CL.CL_KERNEL_ARG_ADDRESS_QUALIFIER, Sizeof.cl_uint, Pointer.to(space), null);
    String type = type(kernel, index);
    boolean fits =
        switch (space[0]) {
          case CL.CL_KERNEL_ARG_ADDRESS_GLOBAL, CL.CL_KERNEL_ARG_ADDRESS_CONSTANT ->
              type.endsWith("*")
                  && (argument instanceof KernelArgument.Input
                      || argument instanceof KernelArgument.InputOutput
                      || argument instanceof KernelArgument.Output);
          case CL.CL_KERNEL_ARG_ADDRESS_LOCAL -> argument instanceof KernelArgument.Local;
          default -> argument instanceof KernelArgument.Scalar && !isOpaque(type);
        };
    if (!fits) {
      throw VaccelException.ofField(
          "arguments[" + index + "]",
          "is "
              + argument.getClass().getSimpleName()
              + ", the kernel's parameter is "
              + CL.stringFor_cl_kernel_arg_address_qualifier(space[0])
                  .replace("CL_KERNEL_ARG_ADDRESS_", "")
              + " "
              + type);
    }
  }

  private static boolean isOpaque(String type) {
    return type.contains("image") || type.contains("sampler") || type.contains("pipe");
  }

  private static String type(cl_kernel kernel, int index) {
    byte[] name = new byte[256];
    long[] size = new long[1];
    CL.clGetKernelArgInfo(
        kernel, index, CL.CL_KERNEL_ARG_TYPE_NAME, name.length, Pointer.to(name), size);
    return new String(name, 0, (int) Math.max(0, size[0] - 1), StandardCharsets.UTF_8);
  }
}
