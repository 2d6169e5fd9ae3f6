/**
 * The stand-ins for everything outside: each starts only when the setting that names the real part is absent, keeps
 * what it holds on disk under {@code DATA_DIR}, and listens on loopback only.
 */
package dev.voiceai.embedded;
