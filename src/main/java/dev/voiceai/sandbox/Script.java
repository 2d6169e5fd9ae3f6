package dev.voiceai.sandbox;

import static dev.voiceai.sandbox.Conversation.CONFIRMED;
import static dev.voiceai.sandbox.Conversation.CUT_OFF;
import static dev.voiceai.sandbox.Conversation.MAILBOX;
import static dev.voiceai.sandbox.Conversation.NOBODY;
import static dev.voiceai.sandbox.Conversation.OPTED_OUT;
import static dev.voiceai.sandbox.Conversation.REFUSED;
import static dev.voiceai.sandbox.Conversation.TRANSFERRED;
import static dev.voiceai.sandbox.Script.Answer.CREATED;
import static dev.voiceai.sandbox.Script.Answer.CREATED_LATE;
import static dev.voiceai.sandbox.Script.Answer.DROPPED;
import static dev.voiceai.sandbox.Script.Answer.ERROR;
import static dev.voiceai.sandbox.Script.Answer.ERROR_BUT_PLACED;
import static dev.voiceai.sandbox.Script.Answer.INVALID;
import static dev.voiceai.sandbox.Script.Answer.NOT_FOUND_ONCE;
import static dev.voiceai.sandbox.Script.Answer.THROTTLED_ONCE;
import static dev.voiceai.sandbox.Script.Answer.UNPAID_ONCE;
import static dev.voiceai.sandbox.Script.Course.ANSWERED;
import static dev.voiceai.sandbox.Script.Course.BROKEN;
import static dev.voiceai.sandbox.Script.Course.NOT_CONNECTED;
import static dev.voiceai.sandbox.Script.Course.NOT_PLACED;
import static dev.voiceai.sandbox.Script.Course.REJECTED;
import static dev.voiceai.sandbox.Script.Course.UNTIL_STOPPED;
import static dev.voiceai.sandbox.Script.Webhooks.IN_ORDER;
import static dev.voiceai.sandbox.Script.Webhooks.NEVER;
import static dev.voiceai.sandbox.Script.Webhooks.REVERSED;
import static dev.voiceai.sandbox.Script.Webhooks.THREE_TIMES;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What happens to one call, all scripts in one table. The number dialed picks the script (a number that is not listed:
 * {@code success}), unless the dynamic variable {@value #VARIABLE} names one. The numbers are of the block 555-0100 to
 * 555-0199, which is kept for fiction.
 */
enum Script {
    // number, HTTP answer, course of the call, disconnection_reason, what was said, webhooks
    SUCCESS("+12065550100", CREATED, ANSWERED, "agent_hangup", CONFIRMED, IN_ORDER),
    VOICEMAIL("+12065550101", CREATED, ANSWERED, "voicemail_reached", MAILBOX, IN_ORDER),
    NO_ANSWER("+12065550102", CREATED, NOT_CONNECTED, "dial_no_answer", NOBODY, IN_ORDER),
    BUSY("+12065550103", CREATED, NOT_CONNECTED, "dial_busy", NOBODY, IN_ORDER),
    DECLINED("+12065550104", CREATED, NOT_CONNECTED, "user_declined", NOBODY, IN_ORDER),
    FAILED("+12065550105", CREATED, NOT_CONNECTED, "dial_failed", NOBODY, IN_ORDER),
    LOST_ANSWER("+12065550106", DROPPED, ANSWERED, "agent_hangup", CONFIRMED, IN_ORDER),
    LOST_ANSWER_SILENT("+12065550107", DROPPED, ANSWERED, "agent_hangup", CONFIRMED, NEVER),
    RATE_LIMITED("+12065550108", THROTTLED_ONCE, ANSWERED, "agent_hangup", CONFIRMED, IN_ORDER),
    SERVER_ERROR("+12065550109", ERROR, NOT_PLACED, null, NOBODY, NEVER),
    SERVER_ERROR_PLACED("+12065550110", ERROR_BUT_PLACED, ANSWERED, "agent_hangup", CONFIRMED, IN_ORDER),
    AGENT_NOT_FOUND("+12065550111", NOT_FOUND_ONCE, ANSWERED, "agent_hangup", CONFIRMED, IN_ORDER),
    PAYMENT_REQUIRED("+12065550112", UNPAID_ONCE, ANSWERED, "agent_hangup", CONFIRMED, IN_ORDER),
    DUPLICATE_WEBHOOKS("+12065550113", CREATED, ANSWERED, "agent_hangup", CONFIRMED, THREE_TIMES),
    SHUFFLED_WEBHOOKS("+12065550114", CREATED, ANSWERED, "agent_hangup", CONFIRMED, REVERSED),
    MISSING_WEBHOOKS("+12065550115", CREATED, ANSWERED, "agent_hangup", CONFIRMED, NEVER),
    SLOW_ANSWER("+12065550116", CREATED_LATE, ANSWERED, "agent_hangup", CONFIRMED, IN_ORDER),
    OPT_OUT("+12065550117", CREATED, ANSWERED, "agent_hangup", OPTED_OUT, IN_ORDER),
    TRANSFER("+12065550118", CREATED, ANSWERED, "call_transfer", TRANSFERRED, IN_ORDER),
    LONG("+12065550119", CREATED, UNTIL_STOPPED, "manual_stopped", CUT_OFF, IN_ORDER),
    HANGUP("+12065550120", CREATED, ANSWERED, "user_hangup", REFUSED, IN_ORDER),
    INVALID_DESTINATION("+12065550121", CREATED, NOT_CONNECTED, "invalid_destination", NOBODY, IN_ORDER),
    CONCURRENCY_LIMIT("+12065550122", CREATED, REJECTED, "concurrency_limit_reached", NOBODY, IN_ORDER),
    TECHNICAL_ERROR("+12065550123", CREATED, BROKEN, "error_llm_websocket_lost_connection", CUT_OFF, IN_ORDER),
    NEW_REASON("+12065550124", CREATED, ANSWERED, "a_reason_of_the_future", CONFIRMED, IN_ORDER),
    INVALID_REQUEST("+12065550125", INVALID, NOT_PLACED, null, NOBODY, NEVER);

    /** The dynamic variable that picks a script by name, whatever the number. */
    static final String VARIABLE = "sandbox_script";

    /** What create-phone-call answers. */
    enum Answer {
        CREATED("201", true),
        /** The answer comes when the call is long over, so after all its webhooks. */
        CREATED_LATE("201 after 3 s", true),
        DROPPED("none, the connection is dropped", true),
        /** These three count by {@code metadata.request_id}, or by number without one. */
        THROTTLED_ONCE("429 the first time, then 201", true),
        NOT_FOUND_ONCE("422 the first time, then 201", true),
        UNPAID_ONCE("402 the first time, then 201", true),
        ERROR("500", false),
        ERROR_BUT_PLACED("500", true),
        INVALID("400", false);

        final String text;
        final boolean placesCall;

        Answer(String text, boolean placesCall) {
            this.text = text;
            this.placesCall = placesCall;
        }
    }

    /** How the call runs, and with which {@code call_status} it ends. */
    enum Course {
        ANSWERED("connects, then ends", "ended", List.of(
                new Step(Action.CONNECT, RING_MS),
                new Step(Action.END, RING_MS + TALK_MS),
                new Step(Action.ANALYZE, RING_MS + TALK_MS + ANALYSIS_MS))),
        BROKEN("connects, then breaks down", "error", ANSWERED.steps),
        NOT_CONNECTED("never connects", "not_connected", List.of(
                new Step(Action.END, RING_MS),
                new Step(Action.ANALYZE, RING_MS + ANALYSIS_MS))),
        REJECTED("never connects", "error", NOT_CONNECTED.steps),
        UNTIL_STOPPED("connects, goes on until stop-call", "ended", List.of(new Step(Action.CONNECT, RING_MS))),
        NOT_PLACED("is not placed", null, List.of());

        final String text;
        final String finalStatus;
        final List<Step> steps;

        Course(String text, String finalStatus, List<Step> steps) {
            this.text = text;
            this.finalStatus = finalStatus;
            this.steps = steps;
        }
    }

    /** How the call's events are delivered. */
    enum Webhooks {
        IN_ORDER("once each, in order"),
        THREE_TIMES("three times each, at once"),
        REVERSED("analyzed, ended, started"),
        NEVER("none");

        final String text;

        Webhooks(String text) {
            this.text = text;
        }
    }

    enum Action { CONNECT, END, ANALYZE }

    /** One move of a call, so many milliseconds after it was placed at time scale 1. */
    record Step(Action action, long afterMs) {
    }

    static final long RING_MS = 500;
    static final long TALK_MS = 1000;
    static final long ANALYSIS_MS = 500;
    static final long LATE_ANSWER_MS = 3000;

    final String number;
    final Answer answer;
    final Course course;
    final String disconnectionReason;
    final Conversation conversation;
    final Webhooks webhooks;

    Script(String number, Answer answer, Course course, String disconnectionReason, Conversation conversation,
            Webhooks webhooks) {
        this.number = number;
        this.answer = answer;
        this.course = course;
        this.disconnectionReason = disconnectionReason;
        this.conversation = conversation;
        this.webhooks = webhooks;
    }

    /** The name as users write it: snake_case. */
    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Script ofNumber(String number) {
        return Arrays.stream(values()).filter(script -> script.number.equals(number)).findFirst().orElse(SUCCESS);
    }

    static Optional<Script> named(String name) {
        return Arrays.stream(values()).filter(script -> script.text().equals(name)).findFirst();
    }

    /** The scripts as a Markdown table, for the documentation and the start of the stand-alone sandbox. */
    static String table() {
        return Arrays.stream(values())
                .map(script -> String.join(" | ", "| `" + script.number + "`", "`" + script.text() + "`",
                        script.answer.text, script.course.text,
                        script.disconnectionReason == null ? "–" : "`" + script.disconnectionReason + "`",
                        script.webhooks.text + " |"))
                .collect(Collectors.joining("\n", """
                        | Number dialed | Script | HTTP answer | The call | `disconnection_reason` | Webhooks |
                        |---|---|---|---|---|---|
                        """, "\n"));
    }
}
