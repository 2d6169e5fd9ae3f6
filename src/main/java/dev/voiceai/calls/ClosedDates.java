package dev.voiceai.calls;

import dev.voiceai.settings.StartFailure;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.MonthDay;
import java.util.HashSet;
import java.util.Set;

/** Dates on which nobody of a country is called, such as its public holidays. */
final class ClosedDates {

    private static final int MONTH_AND_DAY = "MM-DD".length();

    private final Set<LocalDate> dates = new HashSet<>();
    private final Set<MonthDay> everyYear = new HashSet<>();

    /**
     * @param key what the setting is called, for messages
     * @param setting {@code YYYY-MM-DD} or, for every year, {@code MM-DD}, separated by commas; {@code 02-29} is closed
     *     in leap years
     * @throws StartFailure when one of them is no date
     */
    ClosedDates(String key, String setting) {
        try {
            for (String date : setting.split(",", -1)) {
                add(date.strip());
            }
        } catch (DateTimeException noDate) {
            throw new StartFailure("The closed dates of " + key + " are not valid: at least one is no date.",
                    "Write dates as YYYY-MM-DD, or as MM-DD for every year, separated by commas.", noDate);
        }
    }

    boolean contains(LocalDate date) {
        return dates.contains(date) || everyYear.contains(MonthDay.from(date));
    }

    private void add(String date) {
        if (date.length() == MONTH_AND_DAY) {
            everyYear.add(MonthDay.parse("--" + date));
        } else {
            dates.add(LocalDate.parse(date));
        }
    }
}
