package dev.voiceai.http;

import dev.voiceai.settings.StartFailure;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;
import org.springframework.util.StringUtils;

/**
 * Who may call the API. Each setting is a comma-separated list of {@code name:key}; one name may have several keys
 * while they rotate. Only digests are kept.
 */
@Component("apiKeys")
public final class ApiKeys {
    private record Holder(String name, String role, byte[] digest) {}

    private final List<Holder> holders = new ArrayList<>();

    /** @throws StartFailure when a list is not {@code name:key,…}, or a name or key stands for two roles */
    public ApiKeys(
            @Value("${api-keys.engage}") String engage,
            @Value("${api-keys.business}") String business,
            @Value("${api-keys.operator}") String operator) {
        add("engage", engage);
        add("business", business);
        add("operator", operator);
        Map<String, String> roles = new HashMap<>();
        for (Holder holder : holders) {
            String other = roles.putIfAbsent(holder.name, holder.role);
            boolean sharedKey = holders.stream()
                    .anyMatch(any -> any != holder && MessageDigest.isEqual(any.digest, holder.digest));
            if (sharedKey || other != null && !other.equals(holder.role)) {
                throw invalid(holder.role, "the name or the key of \"" + holder.name + "\" stands there twice");
            }
        }
    }

    private void add(String role, String setting) {
        for (String entry : StringUtils.tokenizeToStringArray(setting, ",")) {
            int colon = entry.indexOf(':');
            if (colon < 1 || colon == entry.length() - 1) {
                throw invalid(role, "an entry is not name:key");
            }
            holders.add(new Holder(entry.substring(0, colon), role, digest(entry.substring(colon + 1))));
        }
    }

    private static StartFailure invalid(String role, String what) {
        return new StartFailure(
                "The API keys are not valid: " + what + ".",
                "Correct ENGAGE_API_KEYS, BUSINESS_API_KEYS or OPERATOR_API_KEYS (found in the role " + role + ").");
    }

    /**
     * The name of the key's holder, who is the actor on the timeline.
     *
     * @param key the header {@code X-API-Key}; may be null
     * @param allowedRoles comma-separated: {@code engage}, {@code business}, {@code operator}
     * @throws Unauthorized when nobody has that key
     * @throws Forbidden when its holder has another role
     */
    public String authorize(String key, String allowedRoles) {
        byte[] digest = digest(key == null ? "" : key);
        Holder found = null;
        // All are compared, and digests in constant time, so that an answer's delay tells nothing.
        for (Holder holder : holders) {
            if (MessageDigest.isEqual(holder.digest, digest)) {
                found = holder;
            }
        }
        if (found == null) {
            throw new Unauthorized();
        }
        if (!List.of(StringUtils.tokenizeToStringArray(allowedRoles, ",")).contains(found.role)) {
            throw new Forbidden();
        }
        return found.name;
    }

    private static byte[] digest(String key) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
