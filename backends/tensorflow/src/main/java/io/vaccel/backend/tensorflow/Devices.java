package io.vaccel.backend.tensorflow;

import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeleteDeviceList;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeviceListCount;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeviceListName;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeviceListType;

import io.vaccel.Reason;
import org.tensorflow.internal.c_api.TF_DeviceList;
import org.tensorflow.proto.GraphDef;

/** What TensorFlow runs on. It places operators on a GPU by itself where it has one. */
final class Devices {
  private static final String GPU = "GPU";

  private Devices() {}

  /** The first GPU, for instance {@code GPU:0}; {@code CPU} where there is none. */
  static String first(byte[] config) {
    try (NativeGraph graph = NativeGraph.of("empty", GraphDef.getDefaultInstance());
        NativeSession session = NativeSession.open(graph, config);
        Status status = new Status()) {
      TF_DeviceList devices = session.devices(status);
      status.require(Reason.ENGINE_FAILED, "TensorFlow tells no devices");
      try {
        for (int i = 0; i < TF_DeviceListCount(devices); i++) {
          String type = TF_DeviceListType(devices, i, status.handle()).getString();
          if (type.equals(GPU)) {
            // /job:localhost/replica:0/task:0/device:GPU:0
            String name = TF_DeviceListName(devices, i, status.handle()).getString();
            return GPU + name.substring(name.lastIndexOf(':'));
          }
        }
        return "CPU";
      } finally {
        TF_DeleteDeviceList(devices);
      }
    }
  }
}
