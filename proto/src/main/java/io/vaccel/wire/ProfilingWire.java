package io.vaccel.wire;

import io.vaccel.ExecutedOn;
import io.vaccel.Operations;
import io.vaccel.Profile;
import io.vaccel.ReadProfile;
import io.vaccel.v1.ProfileRegion;
import io.vaccel.v1.ProfileSample;
import io.vaccel.v1.ProfilingServiceGrpc;
import io.vaccel.v1.ReadProfileRequest;
import io.vaccel.v1.ReadProfileResponse;
import java.util.List;

/** How the operations of {@code ProfilingService} travel. */
final class ProfilingWire {
  /** More agents than this are not believed to stand in a row. */
  private static final int MAX_PLACES = 16;

  private static final WireOperation<ReadProfile, Profile, ReadProfileRequest, ReadProfileResponse>
      READ =
          new WireOperation<>(
              Operations.PROFILE_READ,
              ProfilingServiceGrpc.getReadProfileMethod(),
              ReadProfileRequest::getSessionId,
              (input, out) -> ReadProfileRequest.newBuilder().setSessionId(out.sessionId()).build(),
              (request, in) -> new ReadProfile(),
              (profile, out) ->
                  ReadProfileResponse.newBuilder()
                      .addAllRegions(profile.regions().stream().map(ProfilingWire::encode).toList())
                      .setExecutedOn(Codec.encode(profile.executedOn()))
                      .build(),
              (response, in) ->
                  new Profile(
                      response.getRegionsList().stream()
                          .limit((long) MAX_PLACES * Profile.MAX_REGIONS)
                          .map(region -> decode(region, in))
                          .toList(),
                      Codec.decode(response.getExecutedOn(), in)));

  static final List<WireOperation<?, ?, ?, ?>> ALL = List.of(READ);

  private ProfilingWire() {}

  private static ProfileRegion encode(Profile.Region region) {
    return ProfileRegion.newBuilder()
        .setName(region.name())
        .addAllPath(region.path())
        .setCount(region.count())
        .setTotal(Codec.encode(region.total()))
        .addAllSamples(
            region.samples().stream()
                .map(
                    sample ->
                        ProfileSample.newBuilder()
                            .setStart(Codec.encode(sample.start()))
                            .setElapsed(Codec.encode(sample.elapsed()))
                            .build())
                .toList())
        .build();
  }

  private static Profile.Region decode(ProfileRegion wire, Inbound in) {
    List<String> path = wire.getPathList().stream().limit(MAX_PLACES).toList();
    return new Profile.Region(
        wire.getName(),
        in.seen(new ExecutedOn("", "", path, List.of())).path(),
        wire.getCount(),
        Codec.decode("total", wire.getTotal()),
        wire.getSamplesList().stream()
            .limit(Profile.MAX_SAMPLES)
            .map(
                sample ->
                    new Profile.Sample(
                        Codec.decode("start", sample.getStart()),
                        Codec.decode("elapsed", sample.getElapsed())))
            .toList());
  }
}
