/** Which boxes of the diagram this process runs. */
package dev.voiceai.boxes;
