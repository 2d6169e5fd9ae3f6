package dev.voiceai.http;

import java.util.Set;

/**
 * Who sent a request.
 *
 * @param name of the key's holder, or {@code oauth2:} and the token's subject, which no key can be named, since a key's
 *     name has no colon; the actor on the timeline
 * @param roles of {@link ApiKey#ROLES}
 */
record Caller(String name, Set<String> roles) {
    /** What the ledger's columns {@code actor} hold. */
    static final int LONGEST_NAME = 64;
}
