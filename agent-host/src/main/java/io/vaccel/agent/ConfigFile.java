package io.vaccel.agent;

import io.vaccel.Digest;
import io.vaccel.program.FileFailure;
import io.vaccel.transport.Endpoint;
import io.vaccel.transport.ServerLimits;
import io.vaccel.transport.ServerSettings;
import io.vaccel.transport.TlsSettings;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the configuration file: docs/AGENT-CONFIG.md says what may stand in it. */
final class ConfigFile {
  private static final long MAX_FILE_BYTES = 1 << 20;

  private ConfigFile() {}

  /**
   * Reads the file.
   *
   * @throws IOException one line that says which line of it is wrong, and why
   */
  static AgentConfig read(Path file) throws IOException {
    try {
      if (Files.size(file) > MAX_FILE_BYTES) {
        throw new ConfigException(file.toString(), "is larger than 1 MiB");
      }
      return parse(file, Files.readString(file));
    } catch (NoSuchFileException e) {
      throw new ConfigException(file.toString(), "there is no such file");
    } catch (CharacterCodingException e) {
      throw new ConfigException(file.toString(), "is no UTF-8 text");
    } catch (FileSystemException e) {
      throw new IOException(FileFailure.text(e), e);
    }
  }

  private static AgentConfig parse(Path file, String text) throws ConfigException {
    ConfigSection top = ConfigSection.parse(file, text);
    GuestNames guests = guests(top);
    AgentConfig config =
        new AgentConfig(
            top.value("state", Path::of),
            plugins(top),
            limits(top),
            guests,
            places(top, guests),
            vms(top),
            exec(top, guests),
            new FetchList(top.values("fetch-from", FetchList::prefix)),
            top.value("watchdog", LimitValue::time).orElse(AgentConfig.STANDARD_WATCHDOG));
    top.end();
    return config;
  }

  private static Optional<List<String>> plugins(ConfigSection top) throws ConfigException {
    List<String> names = top.values("plugins", name -> name);
    return names.isEmpty() ? Optional.empty() : Optional.of(names);
  }

  private static Map<Limit, Long> limits(ConfigSection top) throws ConfigException {
    Map<Limit, Long> limits = new EnumMap<>(Limit.class);
    Optional<ConfigSection> section = top.section("limits");
    if (section.isPresent()) {
      for (String label : section.get().keys()) {
        section
            .get()
            .value(label, value -> LimitValue.parse(LimitValue.limit(label), value))
            .ifPresent(value -> limits.put(LimitValue.limit(label), value));
      }
    }
    return limits;
  }

  private static GuestNames guests(ConfigSection top) throws ConfigException {
    Map<String, String> byOwner = new HashMap<>();
    Set<String> names = new HashSet<>();
    for (ConfigSection guest : top.sections("guests")) {
      String name = guest.required("name", GuestNames::requireName);
      String owner = guest.required("peer", GuestNames::requireOwner);
      guest.end();
      if (!names.add(name)) {
        throw guest.error("two guests are called " + name);
      }
      if (byOwner.put(owner, name) != null) {
        throw guest.error("two guests are " + owner);
      }
    }
    return new GuestNames(byOwner);
  }

  private static List<Place> places(ConfigSection top, GuestNames guests) throws ConfigException {
    List<Place> places = new ArrayList<>();
    Set<Endpoint> endpoints = new HashSet<>();
    for (ConfigSection section : top.sections("listeners")) {
      Place place = place(section, guests);
      if (!endpoints.add(place.endpoint())) {
        throw section.error("two listeners are at " + place.endpoint());
      }
      places.add(place);
    }
    top.value("admin", text -> Place.operator(Endpoint.parse(text))).ifPresent(places::add);
    return places;
  }

  private static Place place(ConfigSection section, GuestNames guests) throws ConfigException {
    Endpoint endpoint = section.required("endpoint", Endpoint::parse);
    ServerSettings.Builder settings = socket(section);
    section.value("buffer", LimitValue::bytes).ifPresent(settings::socketBufferBytes);
    Set<Long> cids = new HashSet<>(section.values("allow-cids", ConfigFile::reservedCid));
    cids.addAll(guests.reservedCids());
    settings.allowedReservedCids(endpoint instanceof Endpoint.Vsock ? cids : Set.of());
    settings.limits(serverLimits(section));
    Optional<ConfigSection> tls = section.section("tls");
    if (tls.isPresent()) {
      if (!(endpoint instanceof Endpoint.Tcp)) {
        throw tls.get().error("TLS is for tcp endpoints, not for " + endpoint);
      }
      settings.tls(tls(tls.get()));
    }
    section.end();
    return Place.guests(endpoint, settings.build());
  }

  /** The keys about the file of a socket. */
  private static ServerSettings.Builder socket(ConfigSection section) throws ConfigException {
    ServerSettings.Builder settings = ServerSettings.builder();
    section.value("mode", ListenerOptions::mode).ifPresent(settings::socketMode);
    section.value("owner", owner -> owner).ifPresent(settings::socketOwner);
    section.value("group", group -> group).ifPresent(settings::socketGroup);
    return settings;
  }

  private static ServerLimits serverLimits(ConfigSection section) throws ConfigException {
    ServerLimits.Builder limits = ServerLimits.builder();
    section.value("max-connections", LimitValue::count).ifPresent(limits::maxConnections);
    section
        .value("max-connections-per-guest", LimitValue::count)
        .ifPresent(limits::maxConnectionsPerOwner);
    section.value("backlog", LimitValue::count).ifPresent(limits::backlog);
    section.value("handshake-timeout", LimitValue::time).ifPresent(limits::handshakeTimeout);
    return limits.build();
  }

  private static TlsSettings tls(ConfigSection section) throws ConfigException {
    Path certificate = section.required("certificate", Path::of);
    Path key = section.required("key", Path::of);
    Optional<Path> authorities = section.value("authorities", Path::of);
    section.end();
    return authorities
        .map(trusted -> TlsSettings.mutual(certificate, key, trusted))
        .orElseGet(() -> TlsSettings.identity(certificate, key));
  }

  private static List<VmDirectory> vms(ConfigSection top) throws ConfigException {
    List<VmDirectory> directories = new ArrayList<>();
    for (ConfigSection section : top.sections("vms")) {
      Path directory = section.required("directory", Path::of);
      VmDirectory usual = VmDirectory.of(directory);
      List<String> sockets = section.values("sockets", VmDirectory::requirePattern);
      VmDirectory vms =
          new VmDirectory(
              directory,
              section.value("port", VmDirectory::port).orElse(usual.port()),
              sockets.isEmpty() ? usual.sockets() : sockets,
              section.value("most", LimitValue::count).orElse(usual.most()),
              section.value("mode", ListenerOptions::mode).orElse(usual.mode()),
              section.value("owner", owner -> owner),
              section.value("group", group -> group));
      section.end();
      directories.add(vms);
    }
    return directories;
  }

  private static ExecRules exec(ConfigSection top, GuestNames guests) throws ConfigException {
    Optional<ConfigSection> section = top.section("exec");
    if (section.isEmpty()) {
      return ExecRules.none();
    }
    Map<String, ExecRules.Library> libraries = new HashMap<>();
    for (ConfigSection library : section.get().sections("libraries")) {
      String name = library.required("name", ExecRules::requireName);
      Digest digest = library.required("sha256", Digest::new);
      Optional<String> path = library.value("path", ExecRules::requirePath);
      library.end();
      if (libraries.put(name, new ExecRules.Library(digest, path)) != null) {
        throw library.error("two libraries are named '" + name + "'");
      }
    }
    ExecRules rules = new ExecRules(libraries, Map.of());
    for (ConfigSection allow : section.get().sections("allow")) {
      String owner = allow.required("guest", guest -> ExecRules.owner(guest, guests));
      List<String> names = allow.values("libraries", name -> known(name, libraries.keySet()));
      allow.end();
      rules = rules.and(new ExecRules(Map.of(), Map.of(owner, Set.copyOf(names))));
    }
    section.get().end();
    return rules;
  }

  private static String known(String library, Set<String> libraries) {
    if (!libraries.contains(library)) {
      throw new IllegalArgumentException("no library is named '" + library + "'");
    }
    return library;
  }

  private static Long reservedCid(String text) {
    if (!text.matches("[012]")) {
      throw new IllegalArgumentException("only the reserved CIDs 0, 1 and 2 need to be allowed");
    }
    return Long.valueOf(text);
  }
}
