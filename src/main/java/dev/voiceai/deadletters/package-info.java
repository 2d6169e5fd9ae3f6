/** Looks into the dead-letter queues and sends their messages back. */
package dev.voiceai.deadletters;
