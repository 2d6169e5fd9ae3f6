package dev.voiceai.http;

import java.io.IOException;

/** More bytes came than the path allows. */
final class BodyTooLarge extends IOException {
    private final long limit;

    BodyTooLarge(long limit) {
        super("the body has more than " + limit + " bytes");
        this.limit = limit;
    }

    long limit() {
        return limit;
    }
}
