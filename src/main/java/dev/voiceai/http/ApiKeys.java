package dev.voiceai.http;

import dev.voiceai.settings.StartFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;
import org.springframework.util.StringUtils;

/**
 * Who may call the API. Each setting is a comma-separated list of {@code name:key} or {@code name:sha256:<hex>}; one
 * name may have several keys while they rotate. The file, if one is set, adds keys and is read again when its content
 * changes; one that is broken then leaves the keys as they were.
 */
@Component("apiKeys")
public final class ApiKeys {
    private static final Logger LOG = LoggerFactory.getLogger(ApiKeys.class);
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final long LOOK_PERIOD = TimeUnit.SECONDS.toNanos(1);

    /** Makes a pass what no client can send, as header or as query parameter, which Camel does not tell apart. */
    private final String stamp = random();

    private final KeyRing fromSettings;
    /** Null when none is set. */
    private final Path file;
    /** Digest of the content that {@link #keys} come from. */
    private byte[] seen;
    private final AtomicLong nextLook = new AtomicLong();
    private volatile KeyRing keys;
    /** What is wrong with the file; null when nothing is. */
    private volatile String fault;

    /**
     * @param file may be empty
     * @throws StartFailure when a list or the file is not valid, or a name or key stands for two roles
     */
    public ApiKeys(
            @Value("${api-keys.engage}") String engage,
            @Value("${api-keys.business}") String business,
            @Value("${api-keys.operator}") String operator,
            @Value("${api-keys.file}") String file) {
        try {
            fromSettings = KeyRing.of(Map.of("engage", engage, "business", business, "operator", operator));
        } catch (IllegalArgumentException e) {
            throw new StartFailure(
                    "The API keys are not valid: " + e.getMessage() + ".",
                    "Correct ENGAGE_API_KEYS, BUSINESS_API_KEYS or OPERATOR_API_KEYS.");
        }
        keys = fromSettings;
        this.file = file.isBlank() ? null : Path.of(file);
        if (this.file != null) {
            look();
        }
        if (fault != null) {
            throw new StartFailure(
                    "The API keys of " + file + " are not valid: " + fault + ".",
                    "Correct the file that API_KEYS_FILE names.");
        }
    }

    private static String random() {
        byte[] bytes = new byte[16];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** The holder of a key; null when nobody has it. */
    Caller find(String key) {
        return current().find(key);
    }

    /** What is wrong with the file of keys, whose last good content counts until that is mended. Shows no key. */
    public Optional<String> fault() {
        current();
        return Optional.ofNullable(fault);
    }

    private KeyRing current() {
        long now = System.nanoTime();
        long due = nextLook.get();
        // One looks, the others go on with what is there.
        if (file != null && now - due >= 0 && nextLook.compareAndSet(due, now + LOOK_PERIOD)) {
            look();
        }
        return keys;
    }

    /** By content: a mounted secret is another file behind the same link, and may be no younger. */
    private synchronized void look() {
        String wrong = null;
        try {
            String content = Files.readString(file);
            byte[] digest = ApiKey.digest(content);
            if (!MessageDigest.isEqual(digest, seen)) {
                keys = fromSettings.with(content);
                seen = digest;
                LOG.info("API_KEYS_FILE is read");
            }
        } catch (IOException e) {
            wrong = "it can't be read";
        } catch (IllegalArgumentException e) {
            wrong = e.getMessage();
        }
        // At the start it is no warning but the end.
        if (wrong != null && seen != null && !wrong.equals(fault)) {
            LOG.warn("API_KEYS_FILE is not valid, its last good keys go on: {}", wrong);
        }
        fault = wrong;
    }

    /**
     * What the routes get as header {@code X-API-Key} in place of a key or token, so that none of them can log it or
     * send it on.
     */
    String pass(Caller caller) {
        return stamp + " " + String.join(",", caller.roles()) + " " + caller.name();
    }

    /**
     * The name of the caller, who is the actor on the timeline.
     *
     * @param pass the header {@code X-API-Key} as a route sees it; may be null
     * @param allowedRoles comma-separated: {@code engage}, {@code business}, {@code operator}
     * @throws Unauthorized when the request came with no valid key or token
     * @throws Forbidden when its caller has another role
     */
    public String authorize(String pass, String allowedRoles) {
        String[] parts = pass == null ? new String[0] : pass.split(" ", 3);
        if (parts.length < 3 || !isStamp(parts[0])) {
            throw new Unauthorized();
        }
        List<String> roles = List.of(parts[1].split(","));
        if (Arrays.stream(StringUtils.tokenizeToStringArray(allowedRoles, ",")).noneMatch(roles::contains)) {
            throw new Forbidden();
        }
        return parts[2];
    }

    private boolean isStamp(String text) {
        return MessageDigest.isEqual(
                text.getBytes(StandardCharsets.UTF_8), stamp.getBytes(StandardCharsets.UTF_8));
    }
}
