package dev.voiceai.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.util.StringUtils;

/** The keys that are valid at one moment. */
final class KeyRing {
    private final List<ApiKey> keys;

    private KeyRing(List<ApiKey> keys) {
        this.keys = keys;
        for (ApiKey key : keys) {
            if (keys.stream().anyMatch(other -> other.name().equals(key.name()) && !other.hasHolderOf(key)
                    || other.matches(key.digest()) && !other.hasHolderOf(key))) {
                throw new IllegalArgumentException(
                        "the name or the key of \"" + key.name() + "\" stands there twice, for two holders");
            }
        }
    }

    /**
     * @param lists comma-separated entries, by role
     * @throws IllegalArgumentException when an entry is no key, or a name or key stands for two holders; its message
     *     shows no key
     */
    static KeyRing of(Map<String, String> lists) {
        var keys = new ArrayList<ApiKey>();
        lists.forEach((role, list) -> {
            for (String entry : StringUtils.tokenizeToStringArray(list, ",")) {
                keys.add(ApiKey.of(role, entry));
            }
        });
        return new KeyRing(keys);
    }

    /**
     * These keys and those of a file: {@code role name:key} on each line that is not blank and no comment (#).
     *
     * @throws IllegalArgumentException as above, and when the file has no key: a file that is just being written must
     *     not lock everybody out
     */
    KeyRing with(String file) {
        var all = new ArrayList<>(keys);
        List<String> lines = file.lines().map(String::strip).toList();
        for (int i = 0; i < lines.size(); i++) {
            if (!lines.get(i).isEmpty() && !lines.get(i).startsWith("#")) {
                all.add(key(lines.get(i), i + 1));
            }
        }
        if (all.size() == keys.size()) {
            throw new IllegalArgumentException("it has no key");
        }
        return new KeyRing(all);
    }

    private static ApiKey key(String line, int number) {
        String[] parts = line.split("\\s+", 2);
        if (parts.length < 2 || !ApiKey.ROLES.contains(parts[0])) {
            throw new IllegalArgumentException("line " + number + " is not `role name:key`");
        }
        try {
            return ApiKey.of(parts[0], parts[1]);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("line " + number + ": " + e.getMessage());
        }
    }

    /** The holder of a key; null when nobody has it. */
    Caller find(String key) {
        byte[] digest = ApiKey.digest(key);
        ApiKey found = null;
        // All are compared, and digests in constant time, so that an answer's delay tells nothing.
        for (ApiKey any : keys) {
            if (any.matches(digest)) {
                found = any;
            }
        }
        return found == null ? null : new Caller(found.name(), Set.of(found.role()));
    }
}
