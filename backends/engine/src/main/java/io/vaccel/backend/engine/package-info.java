/**
 * What engines that run models have in common: an {@link io.vaccel.backend.engine.Engine} loads an
 * {@link io.vaccel.backend.engine.EngineModel} and runs it, and {@link
 * io.vaccel.backend.engine.EnginePlugin} makes a plugin of it, which checks inputs before they
 * reach the engine and holds each model in memory once for all sessions.
 */
package io.vaccel.backend.engine;
