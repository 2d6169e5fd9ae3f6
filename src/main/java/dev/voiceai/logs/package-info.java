/** What log lines look like as JSON. */
package dev.voiceai.logs;
