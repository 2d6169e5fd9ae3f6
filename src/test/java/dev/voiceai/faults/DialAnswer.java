package dev.voiceai.faults;

import dev.voiceai.faults.History.Proof;

/** What Retell does with a create-phone-call, and what of it reaches the caller. */
enum DialAnswer {
    PLACED(201, true, Proof.PLACED),
    /** The same with an answer of 200 kB. */
    HUGE(201, true, Proof.PLACED),
    /** The connection breaks: after the call was placed, or before. */
    LOST(0, true, Proof.NONE),
    BROKEN(0, false, Proof.NONE),
    FAILED_PLACED(500, true, Proof.NONE),
    FAILED(500, false, Proof.NONE),
    /** The answer comes after the dial's time-out. */
    LATE_PLACED(201, true, Proof.NONE),
    LATE(500, false, Proof.NONE),
    /** A page of something in between, in place of Retell's answer. */
    PAGE_PLACED(201, true, Proof.NONE),
    PAGE(502, false, Proof.NONE),
    LIMITED(429, false, Proof.REFUSED),
    /** The same with Retry-After. */
    LIMITED_UNTIL(429, false, Proof.REFUSED),
    INVALID(400, false, Proof.REFUSED);

    final int status;
    final boolean places;
    final Proof proof;

    DialAnswer(int status, boolean places, Proof proof) {
        this.status = status;
        this.places = places;
        this.proof = proof;
    }
}
