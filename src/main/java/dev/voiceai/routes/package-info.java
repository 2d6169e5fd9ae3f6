/**
 * The routes folder: its rules, the check before a file goes live, the change of routes while the system runs, and which
 * boxes of the diagram this process runs.
 */
package dev.voiceai.routes;
