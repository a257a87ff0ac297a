package io.vaccel.backend.exec;

import io.vaccel.Settings;
import io.vaccel.Vaccel;
import io.vaccel.contract.ExecContract;
import io.vaccel.contract.ExecLibraries;
import io.vaccel.contract.GenericExecContract;

final class ExecPluginIT implements ExecContract, GenericExecContract {
  @Override
  public Vaccel open() {
    return Vaccel.builder()
        .set(Settings.PLUGINS, ExecProvider.NAME)
        .set(ExecSettings.LIBRARIES, ExecLibraries.compiled().setting())
        .load();
  }
}
