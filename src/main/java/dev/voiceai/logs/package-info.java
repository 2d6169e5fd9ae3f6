/** What log lines may tell, and what they look like as JSON. */
package dev.voiceai.logs;
