/** Checks the settings of application.yaml at start and says in one message what is wrong with them. */
package dev.voiceai.settings;
