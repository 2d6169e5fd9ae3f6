package dev.voiceai.sandbox;

import java.util.List;

/**
 * What was said on a call and what Retell's analysis makes of it. A line starts with the speaker;
 * {@code {customer_name}} is filled from the dynamic variable of that name.
 *
 * @see <a href="https://docs.retellai.com/features/post-call-analysis-overview">Retell: post-call analysis</a>
 */
enum Conversation {
    /** Nobody was reached: no transcript, and no custom analysis fields. */
    NOBODY("", false, "Unknown", false, null),
    CONFIRMED("The customer confirmed the appointment.", false, "Positive", true,
            "confirmed",
            "Agent: Hi {customer_name}, this is the clinic's assistant. Are you still able to come in on Thursday?",
            "User: Yes, I will be there.",
            "Agent: Wonderful, see you on Thursday. Goodbye."),
    REFUSED("The callee said they were not interested and hung up.", false, "Negative", false,
            "refused",
            "Agent: Hi {customer_name}, this is the clinic's assistant calling about your appointment.",
            "User: Not interested."),
    OPTED_OUT("The callee asked not to be called again.", false, "Negative", false,
            "opt_out",
            "Agent: Hi {customer_name}, this is the clinic's assistant calling about your appointment.",
            "User: Please take me off your list and never call again.",
            "Agent: I will do that. Goodbye."),
    MAILBOX("The call reached a voicemail box.", true, "Unknown", false,
            "voicemail",
            "User: You have reached the voicemail of two zero six."),
    TRANSFERRED("The customer asked for a person and was transferred.", false, "Neutral", true,
            "transferred",
            "Agent: Hi {customer_name}, this is the clinic's assistant. How can I help?",
            "User: I would rather talk to a person.",
            "Agent: I am connecting you now."),
    CUT_OFF("The call broke off before its purpose was settled.", false, "Neutral", false,
            "cut_off",
            "Agent: Hi {customer_name}, this is the clinic's assistant. Are you still able to come in on Thursday?",
            "User: Let me have a look, one moment.");

    final String summary;
    final boolean inVoicemail;
    final String sentiment;
    final boolean successful;
    /** The custom analysis field {@code outcome}, null when there is no custom analysis. */
    final String outcome;
    final List<String> lines;

    Conversation(String summary, boolean inVoicemail, String sentiment, boolean successful, String outcome,
            String... lines) {
        this.summary = summary;
        this.inVoicemail = inVoicemail;
        this.sentiment = sentiment;
        this.successful = successful;
        this.outcome = outcome;
        this.lines = List.of(lines);
    }
}
