package io.vaccel.backend.torch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A TorchScript file of one module without parameters, whose code is written in TorchScript's own
 * language: what {@code torch.jit.save} writes, made without PyTorch.
 */
final class TorchArchive {
  /** Pickles of an instance of the module, not in training, and of no constants. */
  private static final String MODULE =
      "\u0080\u0002c__torch__\nM\n)\u0081}X\u0008\0\0\0training\u0089sb.";

  private static final String CONSTANTS = "\u0080\u0002).";

  /** The same with an attribute {@code w}, a FLOAT32[2, 2] whose elements are in a record. */
  private static final String MODULE_WITH_TENSOR =
      "\u0080\u0002c__torch__\nM\n)\u0081}(X\u0001\0\0\0wctorch._utils\n_rebuild_tensor_v2\n"
          + "((X\u0007\0\0\0storagectorch\nFloatStorage\nX\u0001\0\0\0000X\u0003\0\0\0cpuK\u0004tQ"
          + "K\0(K\u0002K\u0002t(K\u0002K\u0001t\u0089ccollections\nOrderedDict\n)RtR"
          + "X\u0008\0\0\0training\u0089ub.";

  private final Map<String, byte[]> records = new LinkedHashMap<>();

  /**
   * A module.
   *
   * @param body its methods, {@code def forward(self, ...)} among them, indented by two spaces
   */
  static TorchArchive module(String body) {
    return source(
        "class M(Module):\n  __parameters__ = []\n  __buffers__ = []\n  training : bool\n" + body);
  }

  /** The same, of a module with a buffer {@code w}: FLOAT32[2, 2] of zeros. */
  static TorchArchive withTensor(String body) {
    return source(
            "class M(Module):\n  __parameters__ = []\n  __buffers__ = [\"w\", ]\n"
                + "  w : Tensor\n  training : bool\n"
                + body)
        .record("data.pkl", MODULE_WITH_TENSOR.getBytes(StandardCharsets.ISO_8859_1))
        .record("data/0", new byte[4 * Float.BYTES]);
  }

  /** A module {@code M} with this source. */
  static TorchArchive source(String source) {
    return new TorchArchive()
        .record("data.pkl", MODULE.getBytes(StandardCharsets.ISO_8859_1))
        .record("code/__torch__.py", source.getBytes(StandardCharsets.UTF_8))
        .record("constants.pkl", CONSTANTS.getBytes(StandardCharsets.ISO_8859_1))
        .record("version", "3\n".getBytes(StandardCharsets.US_ASCII));
  }

  /** Adds or replaces a record. */
  TorchArchive record(String name, byte[] content) {
    records.put(name, content);
    return this;
  }

  /** Gives a record another name. */
  TorchArchive rename(String from, String to) {
    return record(to, records.remove(from));
  }

  byte[] record(String name) {
    return records.get(name);
  }

  /** The file. */
  ByteBuffer bytes() {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(file)) {
      for (Map.Entry<String, byte[]> record : records.entrySet()) {
        byte[] content = record.getValue();
        CRC32 crc = new CRC32();
        crc.update(content);
        ZipEntry entry = new ZipEntry("tiny/" + record.getKey());
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCrc(crc.getValue());
        zip.putNextEntry(entry);
        zip.write(content);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return ByteBuffer.wrap(file.toByteArray());
  }
}
