package dev.voiceai.calls;

import com.fasterxml.jackson.databind.JsonNode;
import dev.voiceai.http.Problem;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * The rules of the tasks that come after {@code routes/schemas/task-<type>.json}. Messages are whole sentences, since a
 * voice agent may have to speak them.
 */
public final class TaskRules {

    private static final String NOT_BEFORE = "/not_before";
    private static final String ZONE_MISSING =
            "The time zone is missing. Please give it with the time, such as America New York.";
    private static final Pattern DATE = Pattern.compile("\\d{4}-\\d{2}-\\d{2}");
    private static final Pattern CLOCK = Pattern.compile("\\d{1,2}:\\d{2}(:\\d{2}(\\.\\d+)?)?(Z|[+-]\\d{2}:\\d{2})?");
    private static final Pattern DATE_AND_TIME = Pattern.compile("(?<date>\\d{4}-\\d{2}-\\d{2})[T ]"
            + "(?<time>\\d{2}:\\d{2}(:\\d{2}(\\.\\d{1,9})?)?)(?<offset>Z|[+-]\\d{2}:\\d{2})?");

    private static final DateTimeFormatter THIS_YEAR =
            DateTimeFormatter.ofPattern("EEEE, MMMM d 'at' h:mm a", Locale.ENGLISH);
    private static final DateTimeFormatter ANOTHER_YEAR =
            DateTimeFormatter.ofPattern("EEEE, MMMM d, uuuu 'at' h:mm a", Locale.ENGLISH);

    private final PhoneNumbers numbers;
    private final CallingWindows windows;
    private final Supplier<OffsetDateTime> now;

    public TaskRules(PhoneNumbers numbers, CallingWindows windows, Supplier<OffsetDateTime> now) {
        this.numbers = numbers;
        this.windows = windows;
        this.now = now;
    }

    /**
     * Checks what every task may carry: numbers, zone, {@code until}, {@code fields} and text.
     *
     * @throws Problem status 422; codes {@code impossible_number}, {@code unknown_zone}, {@code invalid_time},
     *     {@code in_past}, {@code too_large}, {@code forbidden_character}
     */
    public void check(JsonNode task) {
        var errors = new FieldErrors();
        errors.checkNumber(task, "from_number", numbers);
        errors.checkNumber(task, "to_number", numbers);
        errors.checkZone(task, "timezone");
        errors.checkAhead(task, "until", now.get());
        errors.checkSize(task, "fields");
        errors.checkCharacters(task);
        errors.throwIfAny();
    }

    /**
     * When a person is called again.
     *
     * @param at UTC with milliseconds
     * @param movedFrom the time that was asked for, UTC, where the calling window is closed then; else null
     * @param localTime {@code at} as a person says it, such as {@code Friday, September 25 at 9:00 AM}, on the clock of
     *     the person; with the offset where only that is known
     */
    public record Callback(OffsetDateTime at, OffsetDateTime movedFrom, String localTime) {}

    /**
     * When the call of a reschedule is due: the moment meant by {@code not_before}, or, where the calling window is
     * closed then, its next opening. The window is asked as the call gate asks it, with the zone given, else the known
     * one, and those of the number.
     *
     * @param task as for {@link #notBefore}
     * @param knownTimezone as for {@link #notBefore}
     * @param number the person's number, E.164
     * @throws Problem status 422; the codes of {@link #notBefore}, {@code zone_missing} also where the calling window
     *     can not be known without a zone, and {@code never_open}
     */
    public Callback plan(JsonNode task, String knownTimezone, String number) {
        OffsetDateTime asked = notBefore(task, knownTimezone, number).truncatedTo(ChronoUnit.MILLIS);
        String zone = task.hasNonNull("timezone") ? task.get("timezone").asText() : knownTimezone;
        var window = windows.decide(number, zone, asked);
        if (window.open()) {
            return new Callback(asked, null, spoken(asked, task, zone, number));
        }
        if (window.code().equals("no_time_zone")) {
            throw refused("zone_missing", ZONE_MISSING);
        }
        if (window.until() == null) {
            throw refused("never_open",
                    "No call is allowed at that time or in the weeks after it. Please give another time.");
        }
        return new Callback(window.until(), asked, spoken(window.until(), task, zone, number));
    }

    private String spoken(OffsetDateTime moment, JsonNode task, String zone, String number) {
        ZoneId clock = clockOf(moment.toInstant(), task, zone, number);
        ZonedDateTime local = moment.atZoneSameInstant(clock);
        boolean thisYear = local.getYear() == now.get().atZoneSameInstant(clock).getYear();
        String words = (thisYear ? THIS_YEAR : ANOTHER_YEAR).format(local);
        return clock instanceof ZoneOffset offset
                ? words + " UTC" + (offset.equals(ZoneOffset.UTC) ? "" : offset)
                : words;
    }

    /** The clock that the person looks at; the offset of the time that was given where no zone tells. */
    private ZoneId clockOf(Instant moment, JsonNode task, String zone, String number) {
        if (PhoneNumbers.isZone(zone)) {
            return ZoneId.of(zone);
        }
        List<ZoneId> zones = numbers.zones(number).stream().map(ZoneId::of).toList();
        if (zones.stream().map(one -> one.getRules().getOffset(moment)).distinct().count() == 1) {
            return zones.get(0);
        }
        var parts = DATE_AND_TIME.matcher(task.path("not_before").asText().strip().toUpperCase(Locale.ROOT));
        return parts.matches() && parts.group("offset") != null ? ZoneOffset.of(parts.group("offset")) : ZoneOffset.UTC;
    }

    /**
     * The moment meant by {@code not_before} of a reschedule, in UTC. With an offset it is that moment;
     * {@code timezone}, if given, must have that offset then. Without one it is local time in {@code timezone}, else in
     * the known zone, else in the zones of the number as far as they agree. A local time that the clocks skip becomes
     * the next minute that exists; one that comes twice becomes the later.
     *
     * @param task the body, with {@code not_before} and perhaps {@code timezone}
     * @param knownTimezone the IANA zone known for the person; null when there is none
     * @param number the person's number, E.164; null when unknown
     * @throws Problem status 422; codes {@code not_a_time}, {@code invalid_time}, {@code unknown_zone},
     *     {@code zone_missing}, {@code zone_mismatch}, {@code in_past}, {@code too_far_ahead}
     */
    OffsetDateTime notBefore(JsonNode task, String knownTimezone, String number) {
        var errors = new FieldErrors();
        errors.checkZone(task, "timezone");
        errors.throwIfAny();
        String givenZone = task.hasNonNull("timezone") ? task.get("timezone").asText() : null;
        OffsetDateTime moment = moment(task.path("not_before").asText(), givenZone, knownTimezone, number);
        OffsetDateTime present = now.get();
        if (!moment.isAfter(present)) {
            throw refused("in_past", "That time has passed already. Please give a time that lies ahead.");
        }
        if (moment.isAfter(present.plusYears(1))) {
            throw refused("too_far_ahead", "That time is more than one year ahead. Please give an earlier one.");
        }
        return moment;
    }

    private OffsetDateTime moment(String input, String givenZone, String knownZone, String number) {
        String text = input.strip().toUpperCase(Locale.ROOT);
        var parts = DATE_AND_TIME.matcher(text);
        if (!parts.matches()) {
            throw refused("not_a_time", whatIsMissing(text));
        }
        try {
            var local = LocalDate.parse(parts.group("date")).atTime(LocalTime.parse(parts.group("time")));
            if (parts.group("offset") == null) {
                return later(local, zoneOf(local, givenZone, knownZone, number)).withOffsetSameInstant(ZoneOffset.UTC);
            }
            var moment = local.atOffset(ZoneOffset.of(parts.group("offset")));
            if (givenZone != null
                    && !ZoneId.of(givenZone).getRules().getOffset(moment.toInstant()).equals(moment.getOffset())) {
                throw refused("zone_mismatch",
                        "The offset and the time zone disagree. Please give the time in that zone, or leave one out.");
            }
            return moment.withOffsetSameInstant(ZoneOffset.UTC);
        } catch (DateTimeException impossible) {
            throw refused("invalid_time", "There is no such date or time of day.");
        }
    }

    private ZoneId zoneOf(LocalDateTime local, String givenZone, String knownZone, String number) {
        if (givenZone != null) {
            return ZoneId.of(givenZone);
        }
        if (knownZone != null && PhoneNumbers.isZone(knownZone)) {
            return ZoneId.of(knownZone);
        }
        List<ZoneId> zones = numbers.zones(number).stream().map(ZoneId::of).toList();
        if (zones.stream().map(zone -> later(local, zone).toInstant()).distinct().count() != 1) {
            throw refused("zone_missing", ZONE_MISSING);
        }
        return zones.get(0);
    }

    private static OffsetDateTime later(LocalDateTime local, ZoneId zone) {
        var jump = zone.getRules().getTransition(local);
        if (jump != null && jump.isGap()) {
            return jump.getDateTimeAfter().atOffset(jump.getOffsetAfter());
        }
        return ZonedDateTime.of(local, zone).withLaterOffsetAtOverlap().toOffsetDateTime();
    }

    private static String whatIsMissing(String text) {
        if (DATE.matcher(text).matches()) {
            return "The time of day is missing. Please give date and time in figures, such as 2026-09-25T09:00.";
        }
        if (CLOCK.matcher(text).matches()) {
            return "The date is missing. Please give date and time in figures, such as 2026-09-25T09:00.";
        }
        return "The date and the time of day are missing. Please give both in figures, such as 2026-09-25T09:00.";
    }

    private static Problem refused(String code, String message) {
        var errors = new FieldErrors();
        errors.add(NOT_BEFORE, code, message);
        return errors.toProblem();
    }
}
