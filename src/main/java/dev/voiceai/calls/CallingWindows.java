package dev.voiceai.calls;

import dev.voiceai.settings.StartFailure;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * When a person may be called, on the clocks of the person called. The setting {@code calling.windows}
 * (CALLING_WINDOWS) is one of
 *
 * <ul>
 *   <li>{@code always}: at any hour, whatever the other settings say;
 *   <li>{@code HH:MM-HH:MM}, several separated by spaces: every day, from a window's first minute up to, not including,
 *       its last; {@code 24:00} is the end of the day;
 *   <li>rules by weekday separated by commas, such as {@code mon-fri 10:00-13:00 14:00-20:00, sat 10:00-14:00}; a
 *       weekday that no rule names is closed.
 * </ul>
 *
 * {@code calling.countries.<ISO 3166>} has the same grammar and takes its place for the numbers of that country;
 * {@code calling.closed-dates.<ISO 3166>} lists dates ({@code YYYY-MM-DD}, or {@code MM-DD} for every year) on which
 * the country's numbers are not called.
 *
 * <p>It must be open in every zone known for the person, the one given with the request and those of the number. With
 * no zone known nobody is called, unless the setting is {@code always}.
 */
public final class CallingWindows {

    private static final String DEFAULT_KEY = "CALLING_WINDOWS";
    private static final String COUNTRIES_KEY = "calling.countries.";
    private static final String CLOSED_DATES_KEY = "calling.closed-dates.";
    /** Longer than closed dates follow each other anywhere. */
    private static final int HORIZON_DAYS = 40;
    /** A freephone number has dozens; the sentence must fit a column of 512 characters. */
    private static final int MOST_ZONES_SHOWN = 5;
    /** The column of a rule. */
    private static final int LONGEST_RULE = 128;
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("EEE HH:mm", Locale.ENGLISH);

    private final PhoneNumbers numbers;
    private final WeeklyWindows everywhere;
    private final Map<String, WeeklyWindows> countries = new HashMap<>();
    private final Map<String, ClosedDates> closedDates = new HashMap<>();

    /**
     * @param windows {@code calling.windows}
     * @param countries {@code calling.countries}, by ISO 3166 code; an empty one counts as not set
     * @param closedDates {@code calling.closed-dates}, the same
     * @throws StartFailure naming the setting that does not follow the grammar above
     */
    public CallingWindows(
            PhoneNumbers numbers, String windows, Map<String, String> countries, Map<String, String> closedDates) {
        this.numbers = numbers;
        this.everywhere = new WeeklyWindows(DEFAULT_KEY, windows);
        byCountry(COUNTRIES_KEY, countries).forEach((country, setting) ->
                this.countries.put(country, new WeeklyWindows(COUNTRIES_KEY + country, setting)));
        byCountry(CLOSED_DATES_KEY, closedDates).forEach((country, setting) ->
                this.closedDates.put(country, new ClosedDates(CLOSED_DATES_KEY + country, setting)));
    }

    private Map<String, String> byCountry(String key, Map<String, String> settings) {
        var found = new HashMap<String, String>();
        settings.forEach((name, setting) -> {
            String country = name.toUpperCase(Locale.ROOT);
            if (!numbers.hasCountry(country)) {
                throw new StartFailure(key + name + " names no country that has phone numbers.",
                        "Name countries by their ISO 3166 code of two letters, such as FR; YAML reads NO without quotes"
                                + " as false.");
            }
            if (!setting.isBlank()) {
                found.put(country, setting);
            }
        });
        return found;
    }

    /**
     * Whether a person may be called.
     *
     * @param open whether the call may be placed now
     * @param code null when open, else {@code outside_calling_window} or {@code no_time_zone}
     * @param until the next moment at which it is open in every zone, UTC; null when open, and when no such moment
     *     comes within 40 days
     * @param rule the setting that decided, with the row of it; at most 128 characters
     * @param detail what was seen, a sentence for the timeline: the zones and their local times; no number, at most 500
     *     characters
     */
    public record Decision(boolean open, String code, OffsetDateTime until, String rule, String detail) {}

    /** What holds for one person. */
    private record Person(String country, WeeklyWindows windows, ClosedDates closed, List<ZoneId> zones) {

        boolean isClosedOn(LocalDate date) {
            return closed != null && closed.contains(date);
        }

        boolean isOpen(LocalDateTime local) {
            return windows.isOpen(local) && !isClosedOn(local.toLocalDate());
        }

        boolean isOpen(Instant at) {
            return zones.stream().allMatch(zone -> isOpen(LocalDateTime.ofInstant(at, zone)));
        }

        /** What decides at that moment: a closed date, else the first zone that is not open, else the first zone. */
        String rule(Instant at) {
            var clocks = zones.stream().map(zone -> LocalDateTime.ofInstant(at, zone)).toList();
            if (clocks.stream().anyMatch(local -> isClosedOn(local.toLocalDate()))) {
                return CLOSED_DATES_KEY + country;
            }
            DayOfWeek day = clocks.stream()
                    .filter(local -> !isOpen(local))
                    .findFirst()
                    .or(() -> clocks.stream().findFirst())
                    .map(LocalDateTime::getDayOfWeek)
                    .orElse(null);
            return cut(windows.rule(day));
        }
    }

    /**
     * Decides for one number.
     *
     * @param toNumber E.164
     * @param timezone the IANA zone given with the request; null or unknown ones are left out
     */
    public Decision decide(String toNumber, String timezone, OffsetDateTime at) {
        if (everywhere.isAlways()) {
            return new Decision(true, null, null, everywhere.rule(null), "Calls are allowed at any hour.");
        }
        Person person = person(toNumber, timezone);
        Instant moment = at.toInstant();
        String rule = person.rule(moment);
        if (person.zones.isEmpty()) {
            return new Decision(false, "no_time_zone", null, rule, "No time zone is known for the person.");
        }
        String detail = describe(person.zones, moment);
        if (person.isOpen(moment)) {
            return new Decision(true, null, null, rule, detail);
        }
        return new Decision(false, "outside_calling_window", nextOpening(person, moment), rule, detail);
    }

    /**
     * The first moment on a later day, by the calendar where the person is, at which the window is open; with
     * {@code always} the same time of day on the next day. Where no zone is known, and where no window opens within 40
     * days, it is 24 hours later: the decision is made at dial time anyway.
     *
     * @param toNumber E.164
     * @param timezone the IANA zone given with the request, whose calendar counts; null or unknown: the day must be
     *     later in each zone of the number
     * @return UTC
     */
    public OffsetDateTime nextDay(String toNumber, String timezone, OffsetDateTime from) {
        List<ZoneId> calendars = zones(toNumber, timezone);
        if (PhoneNumbers.isZone(timezone)) {
            calendars = calendars.subList(0, 1);
        }
        if (everywhere.isAlways()) {
            return latest(calendars.stream().map(zone -> from.atZoneSameInstant(zone).plusDays(1).toInstant()), from);
        }
        Instant midnight = latest(
                        calendars.stream().map(zone -> from.atZoneSameInstant(zone).toLocalDate().plusDays(1)
                                .atStartOfDay(zone).toInstant()),
                        from)
                .toInstant();
        Person person = person(toNumber, timezone);
        if (!person.zones.isEmpty() && person.isOpen(midnight)) {
            return midnight.atOffset(ZoneOffset.UTC);
        }
        OffsetDateTime opening = nextOpening(person, midnight);
        return opening == null ? latest(Stream.empty(), from) : opening;
    }

    /** The latest of the moments; 24 hours after {@code from} when there is none. */
    private static OffsetDateTime latest(Stream<Instant> moments, OffsetDateTime from) {
        return moments.max(Comparator.naturalOrder())
                .orElseGet(() -> from.toInstant().plus(Duration.ofHours(24)))
                .atOffset(ZoneOffset.UTC);
    }

    private Person person(String toNumber, String timezone) {
        String country = numbers.country(toNumber);
        return new Person(country, countries.getOrDefault(country, everywhere), closedDates.get(country),
                zones(toNumber, timezone));
    }

    private List<ZoneId> zones(String toNumber, String timezone) {
        return Stream.concat(Stream.ofNullable(timezone), numbers.zones(toNumber).stream())
                .filter(PhoneNumbers::isZone)
                .distinct()
                .map(ZoneId::of)
                .toList();
    }

    private static String describe(List<ZoneId> zones, Instant at) {
        String clocks = zones.stream()
                .limit(MOST_ZONES_SHOWN)
                .map(zone -> zone + " " + CLOCK.format(at.atZone(zone)))
                .collect(Collectors.joining(", ", "Where the person is: ", ""));
        int more = zones.size() - MOST_ZONES_SHOWN;
        return more > 0 ? clocks + " and " + more + " more zones." : clocks + ".";
    }

    /**
     * It can only open when a clock reads the start of a window (twice where clocks go back), the midnight after a
     * closed date being one where it matters, or when a clock jumps. So it is enough to look at those moments in every
     * zone.
     */
    private static OffsetDateTime nextOpening(Person person, Instant after) {
        Instant end = after.plus(Duration.ofDays(HORIZON_DAYS));
        var moments = new TreeSet<Instant>();
        for (ZoneId zone : person.zones) {
            ZoneRules rules = zone.getRules();
            // From the day before, since a jump may bring it back.
            LocalDate day = LocalDateTime.ofInstant(after, zone).toLocalDate().minusDays(1);
            LocalDate lastDay = LocalDateTime.ofInstant(end, zone).toLocalDate();
            for (; !day.isAfter(lastDay); day = day.plusDays(1)) {
                for (int minute : person.windows.starts(day.getDayOfWeek())) {
                    LocalDateTime opening = day.atStartOfDay().plusMinutes(minute);
                    for (ZoneOffset offset : rules.getValidOffsets(opening)) {
                        moments.add(opening.toInstant(offset));
                    }
                }
            }
            ZoneOffsetTransition jump = rules.nextTransition(after);
            while (jump != null && jump.getInstant().isBefore(end)) {
                moments.add(jump.getInstant());
                jump = rules.nextTransition(jump.getInstant());
            }
        }
        return moments.tailSet(after, false).stream()
                .filter(person::isOpen)
                .findFirst()
                .map(moment -> moment.atOffset(ZoneOffset.UTC))
                .orElse(null);
    }

    private static String cut(String rule) {
        return rule.length() <= LONGEST_RULE ? rule : rule.substring(0, LONGEST_RULE - 1) + "…";
    }
}
