package dev.voiceai.calls;

import dev.voiceai.settings.StartFailure;
import java.time.DayOfWeek;
import java.time.LocalDateTime;
import java.time.temporal.ChronoField;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The windows of a week, by the grammar of {@link CallingWindows}: {@code always}, the same windows every day, or rules
 * by weekday.
 */
final class WeeklyWindows {

    private static final String ALWAYS = "always";
    private static final Pattern WINDOW = Pattern.compile("(\\d\\d):([0-5]\\d)-(\\d\\d):([0-5]\\d)");
    private static final Pattern DAYS = Pattern.compile("([a-z]+)(?:-([a-z]+))?");
    private static final int MINUTES_OF_A_DAY = 24 * 60;
    private static final Map<String, DayOfWeek> WEEK = Map.of("mon", DayOfWeek.MONDAY, "tue", DayOfWeek.TUESDAY,
            "wed", DayOfWeek.WEDNESDAY, "thu", DayOfWeek.THURSDAY, "fri", DayOfWeek.FRIDAY, "sat", DayOfWeek.SATURDAY,
            "sun", DayOfWeek.SUNDAY);

    private final String key;
    private final String text;
    private final Map<DayOfWeek, Row> rows = new EnumMap<>(DayOfWeek.class);

    /** Minutes of a day, the end not included. */
    private record Window(int start, int end) {}

    private record Row(String text, List<Window> windows) {}

    /**
     * @param key what the setting is called, for messages
     * @throws StartFailure when the setting does not follow the grammar
     */
    WeeklyWindows(String key, String setting) {
        this.key = key;
        this.text = setting.strip().toLowerCase(Locale.ROOT).replaceAll("\\s+", " ");
        if (isAlways()) {
            put(EnumSet.allOf(DayOfWeek.class), new Row(text, List.of(new Window(0, MINUTES_OF_A_DAY))));
            return;
        }
        for (String rule : text.split(",", -1)) {
            add(rule.strip());
        }
    }

    boolean isAlways() {
        return text.equals(ALWAYS);
    }

    boolean isOpen(LocalDateTime local) {
        Row row = rows.get(local.getDayOfWeek());
        int minute = local.get(ChronoField.MINUTE_OF_DAY);
        return row != null && row.windows.stream().anyMatch(window -> window.start <= minute && minute < window.end);
    }

    /** The minutes of such a day at which a window begins. */
    List<Integer> starts(DayOfWeek day) {
        return rows.containsKey(day) ? rows.get(day).windows.stream().map(Window::start).toList() : List.of();
    }

    /** The setting with the row that decides on such a day; with all rows where none names the day. */
    String rule(DayOfWeek day) {
        return key + " " + (rows.containsKey(day) ? rows.get(day).text : text);
    }

    private void add(String rule) {
        var days = EnumSet.noneOf(DayOfWeek.class);
        var windows = new ArrayList<Window>();
        for (String word : rule.split(" ")) {
            var window = WINDOW.matcher(word);
            var range = DAYS.matcher(word);
            if (window.matches()) {
                windows.add(window(minute(window.group(1), window.group(2)), minute(window.group(3), window.group(4))));
            } else if (range.matches() && windows.isEmpty()) {
                addDays(days, day(range.group(1)), day(range.group(2) == null ? range.group(1) : range.group(2)));
            } else {
                throw invalid("a rule is windows such as 08:00-20:00, or weekdays and then their windows");
            }
        }
        if (windows.isEmpty()) {
            throw invalid("a rule has no window");
        }
        if (days.isEmpty() && text.contains(",")) {
            throw invalid("where commas separate rules, each has to name its weekdays");
        }
        put(days.isEmpty() ? EnumSet.allOf(DayOfWeek.class) : days, new Row(rule, List.copyOf(windows)));
    }

    private void put(Set<DayOfWeek> days, Row row) {
        for (DayOfWeek day : days) {
            if (rows.putIfAbsent(day, row) != null) {
                throw namedTwice();
            }
        }
    }

    private void addDays(Set<DayOfWeek> days, DayOfWeek first, DayOfWeek last) {
        DayOfWeek day = first;
        while (days.add(day)) {
            if (day == last) {
                return;
            }
            day = day.plus(1);
        }
        throw namedTwice();
    }

    private DayOfWeek day(String name) {
        if (!WEEK.containsKey(name)) {
            throw invalid("weekdays are mon, tue, wed, thu, fri, sat and sun");
        }
        return WEEK.get(name);
    }

    private Window window(int start, int end) {
        if (start >= end || end > MINUTES_OF_A_DAY) {
            throw invalid("a window has to start before it ends, and to end by 24:00 of the same day");
        }
        return new Window(start, end);
    }

    private static int minute(String hour, String minute) {
        return Integer.parseInt(hour) * 60 + Integer.parseInt(minute);
    }

    private StartFailure namedTwice() {
        return invalid("a weekday is named twice");
    }

    private StartFailure invalid(String what) {
        return new StartFailure("The calling windows of " + key + " are not valid: " + what + ".",
                "Write \"always\", windows such as \"08:00-20:00\", or rules by weekday such as"
                        + " \"mon-fri 10:00-13:00 14:00-20:00, sat 10:00-14:00\".");
    }
}
