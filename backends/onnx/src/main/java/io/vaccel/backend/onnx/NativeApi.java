package io.vaccel.backend.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxTensorLike;
import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.LongByReference;
import io.vaccel.Reason;
import io.vaccel.VaccelException;
import java.lang.reflect.Field;
import java.lang.reflect.Method;

/**
 * What ONNX Runtime's C API can do with tensors of strings and its Java API does not pass on; safe
 * for use by several threads. A tensor must not be closed meanwhile.
 *
 * <p>The positions are those of {@code struct OrtApi} in {@code onnxruntime_c_api.h}, which only
 * grows at its end. Pointers have 64 bits wherever the engine runs.
 */
final class NativeApi {
  private static final int GET_ERROR_MESSAGE = 2;
  private static final int FILL_STRING_TENSOR = 52;
  private static final int GET_STRING_TENSOR_DATA_LENGTH = 53;
  private static final int GET_STRING_TENSOR_CONTENT = 54;
  private static final int RELEASE_STATUS = 93;

  private final Pointer functions;
  private final Method handle;

  private NativeApi(Pointer functions, Method handle) {
    this.functions = functions;
    this.handle = handle;
  }

  /**
   * That of the engine which is loaded already.
   *
   * @throws LinkageError when its Java API is not the one that is known
   */
  static NativeApi open() {
    try {
      Field api = Class.forName("ai.onnxruntime.OnnxRuntime").getDeclaredField("ortApiHandle");
      Method handle = OnnxTensorLike.class.getDeclaredMethod("getNativeHandle");
      api.setAccessible(true);
      handle.setAccessible(true);
      return new NativeApi(new Pointer(api.getLong(null)), handle);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("ONNX Runtime's Java API has changed", e);
    }
  }

  /** The bytes of all strings in a tensor. */
  long stringBytes(OnnxTensor tensor) {
    LongByReference bytes = new LongByReference();
    call(GET_STRING_TENSOR_DATA_LENGTH, handle(tensor), bytes);
    return bytes.getValue();
  }

  /**
   * Copies all strings of a tensor.
   *
   * @param bytes room for all of them, one after the other
   * @param offsets room for a 64-bit number for each: where it begins
   */
  void copyStrings(OnnxTensor tensor, Memory bytes, Memory offsets) {
    call(
        GET_STRING_TENSOR_CONTENT,
        handle(tensor),
        bytes,
        bytes.size(),
        offsets,
        offsets.size() / Long.BYTES);
  }

  /**
   * Sets all strings of a tensor.
   *
   * @param places the address of each, which ends with a zero byte
   */
  void setStrings(OnnxTensor tensor, Memory places) {
    call(FILL_STRING_TENSOR, handle(tensor), places, places.size() / Long.BYTES);
  }

  private Pointer handle(OnnxTensor tensor) {
    try {
      return new Pointer((long) handle.invoke(tensor));
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("ONNX Runtime's Java API has changed", e);
    }
  }

  private void call(int function, Object... arguments) {
    Pointer status = function(function).invokePointer(arguments);
    if (status != null) {
      Object[] only = {status};
      String message = function(GET_ERROR_MESSAGE).invokePointer(only).getString(0);
      function(RELEASE_STATUS).invokeVoid(only);
      throw new VaccelException(
          Reason.ENGINE_FAILED, "strings cannot be moved: " + EngineMessage.readable(message));
    }
  }

  private Function function(int position) {
    return Function.getFunction(functions.getPointer((long) position * Long.BYTES));
  }
}
