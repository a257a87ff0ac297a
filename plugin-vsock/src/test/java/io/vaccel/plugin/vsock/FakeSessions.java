package io.vaccel.plugin.vsock;

import com.google.protobuf.ByteString;
import io.vaccel.Reason;
import io.vaccel.VaccelException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** The sessions of a fake agent with what belongs to them. */
final class FakeSessions {
  private final Map<String, FakeSession> open = new ConcurrentHashMap<>();
  private final List<String> ended = new CopyOnWriteArrayList<>();

  /** One session. */
  static final class FakeSession {
    final String id = "session-" + UUID.randomUUID();
    final Map<String, List<String>> resources = new ConcurrentHashMap<>();
    final Map<String, String> models = new ConcurrentHashMap<>();
    final Map<String, ByteString> buffers = new ConcurrentHashMap<>();

    String add(ByteString bytes) {
      String bufferId = "buffer-" + UUID.randomUUID();
      buffers.put(bufferId, bytes);
      return bufferId;
    }

    ByteString take(String bufferId) {
      ByteString bytes = buffers.remove(bufferId);
      if (bytes == null) {
        throw new VaccelException(Reason.BUFFER_NOT_FOUND, "no such buffer");
      }
      return bytes;
    }
  }

  FakeSession open() {
    FakeSession session = new FakeSession();
    open.put(session.id, session);
    return session;
  }

  FakeSession get(String id) {
    FakeSession session = open.get(id);
    if (session == null) {
      throw new VaccelException(Reason.SESSION_NOT_FOUND, "no such session");
    }
    return session;
  }

  void end(String id) {
    open.remove(get(id).id);
    ended.add(id);
  }

  /** As if their leases had ended. */
  void loseAll() {
    open.clear();
  }

  List<FakeSession> all() {
    return List.copyOf(open.values());
  }

  int endedCount() {
    return ended.size();
  }
}
