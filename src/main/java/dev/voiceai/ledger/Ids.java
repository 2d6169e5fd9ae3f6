package dev.voiceai.ledger;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.NameBasedGenerator;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import java.util.UUID;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * Identifiers (<a href="https://www.rfc-editor.org/rfc/rfc9562">RFC 9562</a>): version 7 for new things, so that keys
 * sort by age, and version 5 for things that must get the same id again when they are repeated.
 */
public final class Ids {

    private static final UUID NAMESPACE = UUID.fromString("b1e6d3a4-5a0b-5f43-9c6e-2f4d2f1c7a10");

    private final TimeBasedEpochGenerator timeBased = Generators.timeBasedEpochGenerator();
    private final NameBasedGenerator nameBased = Generators.nameBasedGenerator(NAMESPACE);

    private final String replica = next();

    /** The id of this running process, the owner of the leases that it takes. */
    public String replica() {
        return replica;
    }

    /** A new UUIDv7. */
    public String next() {
        return timeBased.generate().toString();
    }

    /**
     * The id of an activity event, a UUIDv5: the same subject, attempt, type and cause give the same id, so that whoever
     * receives an event twice can tell.
     *
     * @param attempt the attempt's number; null for an event of the request as a whole
     */
    public String ofEvent(String subject, Integer attempt, String type, String cause) {
        return nameBased.generate(String.join("\n", subject, String.valueOf(attempt), type, cause)).toString();
    }

    /** SHA-256 of a text's UTF-8 bytes, 64 hex digits in lower case. */
    public String sha256(String text) {
        return DigestUtils.sha256Hex(text);
    }
}
