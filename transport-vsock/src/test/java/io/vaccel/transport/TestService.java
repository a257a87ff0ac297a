package io.vaccel.transport;

import io.grpc.BindableService;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;

/**
 * A gRPC service with one method of each type, on plain bytes, so that this module needs no code
 * generator.
 */
final class TestService implements BindableService {
  static final MethodDescriptor<byte[], byte[]> ECHO = method("Echo", MethodType.UNARY);
  static final MethodDescriptor<byte[], byte[]> WHO = method("Who", MethodType.UNARY);
  static final MethodDescriptor<byte[], byte[]> NEVER = method("Never", MethodType.UNARY);
  static final MethodDescriptor<byte[], byte[]> COUNT =
      method("Count", MethodType.CLIENT_STREAMING);
  static final MethodDescriptor<byte[], byte[]> GENERATE =
      method("Generate", MethodType.SERVER_STREAMING);
  static final MethodDescriptor<byte[], byte[]> CHAT = method("Chat", MethodType.BIDI_STREAMING);

  /** Counted down when a call of {@code Never} has reached the server. */
  final CountDownLatch neverReached = new CountDownLatch(1);

  /** Counted down when the server has learnt that a call of {@code Never} was cancelled. */
  final CountDownLatch neverCancelled = new CountDownLatch(1);

  private static MethodDescriptor<byte[], byte[]> method(String name, MethodType type) {
    return MethodDescriptor.<byte[], byte[]>newBuilder()
        .setFullMethodName(
            MethodDescriptor.generateFullMethodName("io.vaccel.transport.Test", name))
        .setType(type)
        .setRequestMarshaller(Bytes.MARSHALLER)
        .setResponseMarshaller(Bytes.MARSHALLER)
        .build();
  }

  @Override
  public ServerServiceDefinition bindService() {
    return ServerServiceDefinition.builder("io.vaccel.transport.Test")
        .addMethod(ECHO, ServerCalls.asyncUnaryCall((request, answer) -> reply(answer, request)))
        .addMethod(
            WHO,
            ServerCalls.asyncUnaryCall(
                (request, answer) -> {
                  Peer peer = Peer.current();
                  reply(answer, (peer.owner() + "|" + peer).getBytes(StandardCharsets.UTF_8));
                }))
        .addMethod(NEVER, ServerCalls.asyncUnaryCall((request, answer) -> never(answer)))
        .addMethod(COUNT, ServerCalls.asyncClientStreamingCall(TestService::count))
        .addMethod(GENERATE, ServerCalls.asyncServerStreamingCall(TestService::generate))
        .addMethod(CHAT, ServerCalls.asyncBidiStreamingCall(TestService::chat))
        .build();
  }

  private static void reply(StreamObserver<byte[]> answer, byte[] value) {
    answer.onNext(value);
    answer.onCompleted();
  }

  private void never(StreamObserver<byte[]> answer) {
    ((ServerCallStreamObserver<byte[]>) answer).setOnCancelHandler(neverCancelled::countDown);
    neverReached.countDown();
  }

  /** Answers the number of bytes in all requests, after the client's half-close. */
  private static StreamObserver<byte[]> count(StreamObserver<byte[]> answer) {
    return new StreamObserver<>() {
      private long bytes;

      @Override
      public void onNext(byte[] chunk) {
        bytes += chunk.length;
      }

      @Override
      public void onError(Throwable t) {}

      @Override
      public void onCompleted() {
        reply(answer, ByteBuffer.allocate(Long.BYTES).putLong(bytes).array());
      }
    };
  }

  /**
   * The request is two ints: how many chunks, of how many bytes; sends no faster than the client
   * takes them.
   */
  private static void generate(byte[] request, StreamObserver<byte[]> answer) {
    int chunks = ByteBuffer.wrap(request).getInt(0);
    byte[] chunk = new byte[ByteBuffer.wrap(request).getInt(4)];
    ServerCallStreamObserver<byte[]> out = (ServerCallStreamObserver<byte[]>) answer;
    out.setOnReadyHandler(
        new Runnable() {
          private int sent;

          @Override
          public void run() {
            while (out.isReady() && sent < chunks) {
              out.onNext(chunk);
              if (++sent == chunks) {
                out.onCompleted();
              }
            }
          }
        });
  }

  /** Echoes each message as it comes; ends when the client does. */
  private static StreamObserver<byte[]> chat(StreamObserver<byte[]> answer) {
    return new StreamObserver<>() {
      @Override
      public void onNext(byte[] value) {
        answer.onNext(value);
      }

      @Override
      public void onError(Throwable t) {
        answer.onError(Status.CANCELLED.asRuntimeException());
      }

      @Override
      public void onCompleted() {
        answer.onCompleted();
      }
    };
  }

  enum Bytes implements MethodDescriptor.Marshaller<byte[]> {
    MARSHALLER;

    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
