/** The routes folder: its rules, the check before a file goes live, and the change of routes while the system runs. */
package dev.voiceai.routes;
