package dev.voiceai.calls;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Random windows, closed dates, zones and moments around changes of the clocks: what {@link CallingWindows} says is
 * what looking at minute after minute finds.
 */
class CallingWindowsScanTest {

    private static final int CASES = 60;
    private static final int DAYS = 12;

    private final PhoneNumbers numbers = new PhoneNumbers();
    private final Random random = new Random(20261122);

    /** A setting, and how the test itself reads it. */
    private record Week(String text, Map<DayOfWeek, List<int[]>> windows) {

        boolean isOpen(LocalDateTime local) {
            int minute = local.getHour() * 60 + local.getMinute();
            return windows.getOrDefault(local.getDayOfWeek(), List.of()).stream()
                    .anyMatch(window -> window[0] <= minute && minute < window[1]);
        }
    }

    /** Lord Howe's clocks change by half an hour, Santiago's at midnight; the last two never change. */
    @ParameterizedTest
    @CsvSource({
        "America/New_York, +12015550123, US, 2026-03-08T07:00:00Z",
        "America/New_York, +12015550123, US, 2026-11-01T06:00:00Z",
        "Australia/Lord_Howe, +61255501234, AU, 2026-04-04T15:00:00Z",
        "Australia/Lord_Howe, +61255501234, AU, 2026-10-03T15:30:00Z",
        "America/Santiago, +56221234567, CL, 2026-04-05T03:00:00Z",
        "America/Santiago, +56221234567, CL, 2026-09-06T04:00:00Z",
        "Europe/London, +12015550123, US, 2026-10-25T01:00:00Z",
        "Asia/Kolkata, +911123456789, IN, 2026-11-22T12:00:00Z",
        "Asia/Tokyo, +88213000000, '', 2026-11-22T12:00:00Z",
    })
    void whatIsSaidIsWhatAScanFinds(String zone, String number, String country, String change) {
        for (int i = 0; i < CASES; i++) {
            String timezone = numbers.zones(number).isEmpty() || random.nextInt(3) > 0 ? zone : null;
            var from = OffsetDateTime.parse(change).plusMinutes(random.nextInt(6 * 24 * 60) - 5 * 24 * 60);
            Week common = week();
            Week own = week();
            boolean hasOwn = !country.isEmpty() && random.nextBoolean();
            Set<LocalDate> closed = country.isEmpty() ? Set.of() : closedDates(from.toLocalDate());
            var windows = new CallingWindows(numbers, common.text, hasOwn ? Map.of(country, own.text) : Map.of(),
                    country.isEmpty() ? Map.of() : Map.of(country, text(closed)));
            List<ZoneId> zones = Stream.concat(Stream.ofNullable(timezone), numbers.zones(number).stream())
                    .map(ZoneId::of).toList();
            List<ZoneId> calendars = timezone == null ? zones : List.of(ZoneId.of(timezone));
            Week week = hasOwn ? own : common;
            Predicate<OffsetDateTime> isOpen = moment -> zones.stream()
                    .map(place -> moment.atZoneSameInstant(place).toLocalDateTime())
                    .allMatch(local -> week.isOpen(local) && !closed.contains(local.toLocalDate()));
            Predicate<OffsetDateTime> isLaterDay = moment -> calendars.stream()
                    .allMatch(place -> moment.atZoneSameInstant(place).toLocalDate()
                            .isAfter(from.atZoneSameInstant(place).toLocalDate()));
            String thisCase = "%s or %s in %s, closed %s, %s from %s"
                    .formatted(common.text, hasOwn ? own.text : "none", country, closed, zones, from);

            var decision = windows.decide(number, timezone, from);
            assertThat(decision.open()).as(thisCase).isEqualTo(isOpen.test(from));
            assertUntil(thisCase, decision.until(), decision.open() ? null : first(from, isOpen), from);

            var nextDay = first(from, isOpen.and(isLaterDay));
            if (nextDay != null) {
                assertThat(windows.nextDay(number, timezone, from)).as(thisCase).isEqualTo(nextDay);
            }
        }
    }

    private static void assertUntil(String thisCase, OffsetDateTime said, OffsetDateTime found, OffsetDateTime from) {
        if (found == null && said != null) {
            assertThat(said).as(thisCase).isAfterOrEqualTo(from.plusDays(DAYS));
        } else {
            assertThat(said).as(thisCase).isEqualTo(found);
        }
    }

    private static OffsetDateTime first(OffsetDateTime from, Predicate<OffsetDateTime> suits) {
        return Stream.iterate(from, moment -> moment.isBefore(from.plusDays(DAYS)), moment -> moment.plusMinutes(1))
                .filter(suits).findFirst().orElse(null);
    }

    /** The same windows every day, or rules by weekday, some days being left out. */
    private Week week() {
        if (random.nextInt(3) == 0) {
            List<int[]> every = windows();
            return new Week(text(every), Arrays.stream(DayOfWeek.values())
                    .collect(Collectors.toMap(day -> day, day -> every)));
        }
        var windows = new EnumMap<DayOfWeek, List<int[]>>(DayOfWeek.class);
        var rules = new ArrayList<String>();
        DayOfWeek first = DayOfWeek.of(1 + random.nextInt(7));
        for (int used = 0, length; used < 7; used += length) {
            length = 1 + random.nextInt(7 - used);
            if (random.nextInt(4) == 0 && !(rules.isEmpty() && used + length == 7)) {
                continue;
            }
            List<int[]> some = windows();
            DayOfWeek start = first.plus(used);
            DayOfWeek end = start.plus(length - 1);
            rules.add((length == 1 ? name(start) : name(start) + "-" + name(end)) + " " + text(some));
            for (int day = 0; day < length; day++) {
                windows.put(start.plus(day), some);
            }
        }
        return new Week(String.join(", ", rules), windows);
    }

    /** From one to three windows; often at midnight or in the hours in which clocks change. */
    private List<int[]> windows() {
        var edges = random.ints(2 + 2 * random.nextInt(3), 0, 24 * 60 + 1)
                .map(minute -> switch (random.nextInt(6)) {
                    case 0 -> minute % (4 * 60);
                    case 1 -> random.nextBoolean() ? 0 : 24 * 60;
                    default -> minute;
                })
                .sorted().toArray();
        var windows = new ArrayList<int[]>();
        for (int i = 0; i < edges.length; i += 2) {
            if (edges[i] < edges[i + 1]) {
                windows.add(new int[] {edges[i], edges[i + 1]});
            }
        }
        return windows.isEmpty() ? List.of(new int[] {0, 1}) : windows;
    }

    private Set<LocalDate> closedDates(LocalDate around) {
        var dates = new HashSet<LocalDate>();
        for (int i = random.nextInt(8); i > 0; i--) {
            dates.add(around.plusDays(random.nextInt(10) - 1));
        }
        return dates;
    }

    private String text(Set<LocalDate> dates) {
        return dates.stream()
                .map(date -> random.nextBoolean() ? date.toString() : date.toString().substring("2026-".length()))
                .collect(Collectors.joining(", "));
    }

    private static String text(List<int[]> windows) {
        return windows.stream()
                .map(window -> clock(window[0]) + "-" + clock(window[1]))
                .collect(Collectors.joining(" "));
    }

    private static String clock(int minute) {
        return "%02d:%02d".formatted(minute / 60, minute % 60);
    }

    private static String name(DayOfWeek day) {
        return day.name().substring(0, 3).toLowerCase(Locale.ROOT);
    }
}
