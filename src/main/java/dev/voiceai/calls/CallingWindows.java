package dev.voiceai.calls;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoField;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.Collection;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * When a person may be called. The setting {@code calling.windows} (CALLING_WINDOWS) is {@code always}, or
 * {@code HH:MM-HH:MM}: every day from the first minute up to, not including, the last, on the clocks of the person
 * called; {@code 24:00} is the end of the day.
 *
 * <p>The window must be open in every zone known for the person, the one given with the request and those of the
 * number. With no zone known nobody is called, unless the setting is {@code always}.
 */
public final class CallingWindows {

    private static final Pattern WINDOW = Pattern.compile("(\\d\\d):([0-5]\\d)-(\\d\\d):([0-5]\\d)");
    private static final int MINUTES_OF_A_DAY = 24 * 60;
    private static final Duration HORIZON = Duration.ofDays(8);
    /** A freephone number has dozens; the sentence must fit a column of 512 characters. */
    private static final int MOST_ZONES_SHOWN = 5;
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm");

    private final PhoneNumbers numbers;
    private final String setting;
    private final boolean always;
    private final int startMinute;
    private final int endMinute;

    /** @throws IllegalArgumentException if the setting does not follow the grammar above */
    public CallingWindows(PhoneNumbers numbers, String setting) {
        this.numbers = numbers;
        this.setting = setting.strip();
        this.always = this.setting.equals("always");
        var window = WINDOW.matcher(always ? "00:00-24:00" : this.setting);
        if (!window.matches()) {
            throw new IllegalArgumentException(
                    "CALLING_WINDOWS must be \"always\" or a window such as \"08:00-20:00\"");
        }
        this.startMinute = minute(window.group(1), window.group(2));
        this.endMinute = minute(window.group(3), window.group(4));
        if (startMinute >= endMinute || endMinute > MINUTES_OF_A_DAY) {
            throw new IllegalArgumentException(
                    "CALLING_WINDOWS must start before it ends, and end by 24:00 of the same day");
        }
    }

    /**
     * Whether a person may be called.
     *
     * @param open whether the call may be placed now
     * @param code null when open, else {@code outside_calling_window} or {@code no_time_zone}
     * @param until the next moment at which the window is open in every zone, UTC; null when open, and when no such
     *     moment comes within eight days
     * @param rule the setting that decided
     * @param detail what was seen, a sentence for the timeline: the zones and their local times; no number
     */
    public record Decision(boolean open, String code, OffsetDateTime until, String rule, String detail) {}

    /**
     * Decides for one number.
     *
     * @param toNumber E.164
     * @param timezone the IANA zone given with the request; null or unknown ones are left out
     */
    public Decision decide(String toNumber, String timezone, OffsetDateTime now) {
        String rule = "CALLING_WINDOWS " + setting;
        if (always) {
            return new Decision(true, null, null, rule, "Calls are allowed at any hour.");
        }
        Collection<ZoneId> zones = Stream.concat(Stream.ofNullable(timezone), numbers.zones(toNumber).stream())
                .filter(PhoneNumbers::isZone)
                .distinct()
                .map(ZoneId::of)
                .toList();
        if (zones.isEmpty()) {
            return new Decision(false, "no_time_zone", null, rule, "No time zone is known for the person.");
        }
        Instant present = now.toInstant();
        String detail = describe(zones, present);
        if (isOpen(zones, present)) {
            return new Decision(true, null, null, rule, detail);
        }
        return new Decision(false, "outside_calling_window", nextOpening(zones, present), rule, detail);
    }

    private String describe(Collection<ZoneId> zones, Instant at) {
        String clocks = zones.stream()
                .limit(MOST_ZONES_SHOWN)
                .map(zone -> zone + " " + CLOCK.format(at.atZone(zone)))
                .collect(Collectors.joining(", ", "Where the person is: ", ""));
        int more = zones.size() - MOST_ZONES_SHOWN;
        return more > 0 ? clocks + " and " + more + " more zones." : clocks + ".";
    }

    private boolean isOpen(Collection<ZoneId> zones, Instant at) {
        return zones.stream().allMatch(zone -> {
            int minute = at.atZone(zone).get(ChronoField.MINUTE_OF_DAY);
            return startMinute <= minute && minute < endMinute;
        });
    }

    /**
     * A window can only open when a clock reads its start (twice where clocks go back) or when a clock jumps. So it is
     * enough to look at those moments in every zone.
     */
    private OffsetDateTime nextOpening(Collection<ZoneId> zones, Instant now) {
        Instant end = now.plus(HORIZON);
        var moments = new TreeSet<Instant>();
        for (ZoneId zone : zones) {
            ZoneRules rules = zone.getRules();
            LocalDateTime opening = now.atZone(zone).toLocalDate().atStartOfDay().plusMinutes(startMinute);
            for (int day = 0; day <= HORIZON.toDays(); day++, opening = opening.plusDays(1)) {
                for (ZoneOffset offset : rules.getValidOffsets(opening)) {
                    moments.add(opening.toInstant(offset));
                }
            }
            ZoneOffsetTransition jump = rules.nextTransition(now);
            while (jump != null && jump.getInstant().isBefore(end)) {
                moments.add(jump.getInstant());
                jump = rules.nextTransition(jump.getInstant());
            }
        }
        return moments.tailSet(now, false).stream()
                .filter(moment -> isOpen(zones, moment))
                .findFirst()
                .map(moment -> moment.atOffset(ZoneOffset.UTC))
                .orElse(null);
    }

    private static int minute(String hour, String minute) {
        return Integer.parseInt(hour) * 60 + Integer.parseInt(minute);
    }
}
