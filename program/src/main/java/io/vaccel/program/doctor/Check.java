package io.vaccel.program.doctor;

import java.util.List;

/** Looks at one thing that must be right. Never throws for what it looks at: that is a finding. */
@FunctionalInterface
public interface Check {
  /** What there is to say; at least one finding, and of problems those that can be acted on. */
  List<Finding> findings();
}
