/** What readiness says about the parts outside. */
package dev.voiceai.health;
