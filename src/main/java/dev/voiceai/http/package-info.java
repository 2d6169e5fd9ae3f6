/** What every HTTP request meets before and after its route: limits, API keys and tokens, problem documents, JSON. */
package dev.voiceai.http;
