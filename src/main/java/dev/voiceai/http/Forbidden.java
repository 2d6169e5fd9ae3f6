package dev.voiceai.http;

import java.util.List;

/** Status 403: the key is known, and its role does not allow this. */
public final class Forbidden extends Problem {
    public Forbidden() {
        super(403, "forbidden", null, List.of());
    }
}
