package io.vaccel.interop;

import static io.vaccel.contract.PluginContract.tooShort;

import io.vaccel.CallOptions;
import io.vaccel.ElementType;
import io.vaccel.Image;
import io.vaccel.ModelSpec;
import io.vaccel.Noop;
import io.vaccel.Operations;
import io.vaccel.PixelFormat;
import io.vaccel.Reason;
import io.vaccel.contract.Pictures;
import io.vaccel.contract.TinyModels;
import java.awt.Color;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * What a guest sends that is wrong, and how an agent refuses it. Each case makes a session of its
 * own, and leaves nothing at the agent.
 */
enum BadInput {
  EMPTY_MODEL("model.load", Reason.MODEL_UNREADABLE, "is empty") {
    @Override
    void send(BadGuest guest) {
      guest.load(TinyModels.spec(ByteBuffer.allocate(0)));
    }
  },
  TEXT_AS_MODEL("model.load", Reason.MODEL_UNREADABLE, "tiny.onnx") {
    @Override
    void send(BadGuest guest) {
      guest.load(TinyModels.spec(ascii("This is no model. ".repeat(99))));
    }
  },
  MODEL_OF_ANOTHER_SHAPE("image.classify", Reason.MODEL_MISMATCH, "3x4x5") {
    @Override
    void send(BadGuest guest) {
      guest.classify(colours(ElementType.FLOAT32, "\"width\": 4", "\"width\": 5"), pixel());
    }
  },
  MODEL_OF_ANOTHER_TYPE("image.classify", Reason.MODEL_MISMATCH, "INT64") {
    @Override
    void send(BadGuest guest) {
      guest.classify(colours(ElementType.INT64, "", ""), pixel());
    }
  },
  TRUNCATED_JPEG("image.classify", Reason.IMAGE_UNREADABLE, "cut off") {
    @Override
    void send(BadGuest guest) {
      ByteBuffer whole = Pictures.file(Pictures.plain(Color.RED, 640, 480), "jpg");
      guest.classify(TinyModels.colours(), Image.encoded(whole.limit(whole.limit() / 2)));
    }
  },
  TEXT_AS_PICTURE("image.classify", Reason.IMAGE_UNREADABLE, "no picture") {
    @Override
    void send(BadGuest guest) {
      guest.classify(TinyModels.colours(), Image.encoded(ascii("Dear Sir or Madam, ".repeat(99))));
    }
  },
  HUGE_PICTURE("image.classify", Reason.IMAGE_TOO_LARGE, "60000 x 60000") {
    @Override
    void send(BadGuest guest) {
      guest.classify(TinyModels.colours(), Image.encoded(Pictures.pngThatClaims(60_000, 60_000)));
    }
  },
  ENDLESS_RUN("model.run", Reason.DEADLINE_EXCEEDED, "no result within") {
    @Override
    void send(BadGuest guest) {
      guest.count(1L << 40, CallOptions.within(Duration.ofMillis(20)));
    }
  },
  NO_TIME_AT_ALL("noop", Reason.DEADLINE_EXCEEDED, "no result within") {
    @Override
    void send(BadGuest guest) {
      guest.inSession(session -> session.call(Operations.NOOP, new Noop(), tooShort()));
    }
  },
  UNKNOWN_SESSION("", Reason.SESSION_NOT_FOUND, "session") {
    @Override
    void send(BadGuest guest) {
      guest.noopIn("0123456789abcdef0123456789abcdef");
    }
  },
  UNKNOWN_RESOURCE("", Reason.RESOURCE_NOT_FOUND, "resource") {
    @Override
    void send(BadGuest guest) {
      guest.loadResource("0123456789abcdef0123456789abcdef");
    }
  },
  CLIMBING_NAME("", Reason.NAME_INVALID, "'..'") {
    @Override
    void send(BadGuest guest) {
      guest.register("../../etc/passwd");
    }
  },
  ABSOLUTE_NAME("", Reason.NAME_INVALID, "absolute") {
    @Override
    void send(BadGuest guest) {
      guest.register("/etc/passwd");
    }
  },
  NAME_WITH_NUL("", Reason.NAME_INVALID, "not allowed") {
    @Override
    void send(BadGuest guest) {
      guest.register("model\0.onnx");
    }
  },
  LONG_NAME("", Reason.NAME_INVALID, "10000 characters") {
    @Override
    void send(BadGuest guest) {
      guest.register("a".repeat(10_000));
    }
  };

  private final String operation;
  private final Reason reason;
  private final String mention;

  BadInput(String operation, Reason reason, String mention) {
    this.operation = operation;
    this.reason = reason;
    this.mention = mention;
  }

  /** Sends it; fails with the error that the guest sees. */
  abstract void send(BadGuest guest);

  /** The operation that the error names; empty where the guest speaks plain gRPC. */
  String operation() {
    return operation;
  }

  /** The error. */
  Reason reason() {
    return reason;
  }

  /** A part of its text. */
  String mention() {
    return mention;
  }

  private static ModelSpec colours(ElementType type, String metadata, String changed) {
    return TinyModels.spec(
        TinyModels.colours(true, type),
        TinyModels.coloursMetadata(true, ElementType.FLOAT32, "RGB").replace(metadata, changed),
        TinyModels.coloursLabels());
  }

  private static Image pixel() {
    return new Image.Raw(1, 1, PixelFormat.RGB8, ByteBuffer.allocate(3));
  }

  private static ByteBuffer ascii(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
  }
}
