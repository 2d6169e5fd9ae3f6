package dev.voiceai.http;

import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * One key, as its SHA-256 digest. A key is a long random value: there is no list of likely ones to try against a stolen
 * digest, which is what salt and slow hashes are for, and a slow hash would have to run for every request.
 *
 * @param name of its holder; several keys may have the same
 * @param role the kind of key, of {@link #ROLES}
 */
record ApiKey(String name, String role, byte[] digest) {
    static final List<String> ROLES = List.of("engage", "business", "operator");

    private static final String HASHED = "sha256:";

    /**
     * @param entry {@code name:key}, or {@code name:sha256:} and 64 hex digits
     * @throws IllegalArgumentException when it is neither; its message tells nothing of the entry
     */
    static ApiKey of(String role, String entry) {
        int colon = entry.indexOf(':');
        if (colon < 1 || colon > Caller.LONGEST_NAME || colon == entry.length() - 1) {
            throw new IllegalArgumentException("an entry is not name:key");
        }
        String key = entry.substring(colon + 1);
        return new ApiKey(entry.substring(0, colon), role, key.startsWith(HASHED) ? hashed(key) : digest(key));
    }

    private static byte[] hashed(String key) {
        String hex = key.substring(HASHED.length());
        if (!hex.matches("[0-9a-fA-F]{64}")) {
            throw new IllegalArgumentException("an entry has not 64 hex digits after sha256:");
        }
        return HexFormat.of().parseHex(hex);
    }

    static byte[] digest(String key) {
        return DigestUtils.sha256(key);
    }

    boolean matches(byte[] other) {
        return MessageDigest.isEqual(digest, other);
    }

    boolean hasHolderOf(ApiKey other) {
        return name.equals(other.name) && role.equals(other.role);
    }
}
