package dev.voiceai.http;

import java.util.List;

/** Status 401: no key or token, or one that is not valid. The same answer for both. */
public final class Unauthorized extends Problem {
    public Unauthorized() {
        super(401, "unauthorized", "Send a valid key in the header X-API-Key.", List.of());
    }
}
