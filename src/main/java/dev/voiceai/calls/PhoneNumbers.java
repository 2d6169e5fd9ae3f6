package dev.voiceai.calls;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberToTimeZonesMapper;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.Phonenumber.PhoneNumber;
import java.time.Instant;
import java.time.ZoneId;
import java.time.zone.ZoneRules;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What is known about a phone number from its digits alone, by
 * <a href="https://github.com/google/libphonenumber">libphonenumber</a>. Numbers are E.164.
 */
public final class PhoneNumbers {

    private static final Pattern E164 = Pattern.compile("\\+[1-9]\\d{6,14}");
    private static final String HIDDEN = "•••";
    private static final int SHOWN_AT_START = 5;
    private static final int SHOWN_AT_END = 2;
    private static final int LEAST_HIDDEN = 4;

    private final PhoneNumberUtil numbers = PhoneNumberUtil.getInstance();
    private final PhoneNumberToTimeZonesMapper timeZones = PhoneNumberToTimeZonesMapper.getInstance();

    /**
     * Whether a number of this country and length can exist. Says nothing about whether it is assigned: numbering plans
     * change faster than any library, and a wrong "no" would keep a person from being called.
     */
    public boolean isPossible(String number) {
        return parse(number).map(numbers::isPossibleNumber).orElse(false);
    }

    /** The number's region as an ISO 3166-1 code such as {@code US}; null when no region is known. */
    public String region(String number) {
        return parse(number).map(numbers::getRegionCodeForNumber).orElse(null);
    }

    /**
     * The country whose rules hold for the number, as an ISO 3166-1 code: its region; where the digits are of no known
     * region, the main one of its calling code, since that guess is better than to apply no country's rules. Null when
     * there is none.
     */
    public String country(String number) {
        return parse(number)
                .map(parsed -> Optional.ofNullable(numbers.getRegionCodeForNumber(parsed))
                        .orElseGet(() -> numbers.getRegionCodeForCountryCode(parsed.getCountryCode())))
                .filter(this::hasCountry)
                .orElse(null);
    }

    /** Whether a country of this ISO 3166-1 code has phone numbers. */
    boolean hasCountry(String code) {
        return numbers.getSupportedRegions().contains(code);
    }

    /**
     * The IANA time zones in which the number's owner may be, more than one where the number does not tell (a mobile
     * number of a wide country, a freephone number); empty when none is known.
     */
    public List<String> zones(String number) {
        return parse(number).map(timeZones::getTimeZonesForNumber).orElse(List.of()).stream()
                .filter(PhoneNumbers::isZone)
                .sorted()
                .toList();
    }

    /**
     * The time zone whose clock tells the hour where the number's owner lives: the one given with the request, else one of
     * the number's, where all of them keep the same clock. Null where the hour is not known.
     *
     * @param timezone the IANA zone given with the request; null or unknown: only the number counts
     */
    public String clock(String number, String timezone) {
        if (isZone(timezone)) {
            return timezone;
        }
        List<String> zones = zones(number);
        return zones.stream().map(PhoneNumbers::rules).distinct().count() == 1 ? zones.get(0) : null;
    }

    /** By what the zone's clock goes from now on; its history differs from others of the same clock. */
    private static List<Object> rules(String zone) {
        ZoneRules rules = ZoneId.of(zone).getRules();
        return List.of(rules.getStandardOffset(Instant.MAX), rules.getTransitionRules());
    }

    /**
     * The number as lists show it: the first five and the last two characters. At least four characters are hidden,
     * so of a short number less is shown. Null stays null.
     */
    public String mask(String number) {
        if (number == null) {
            return null;
        }
        int tail = Math.min(SHOWN_AT_END, Math.max(0, number.length() - LEAST_HIDDEN));
        int head = Math.min(SHOWN_AT_START, Math.max(0, number.length() - tail - LEAST_HIDDEN));
        return number.substring(0, head) + HIDDEN + number.substring(number.length() - tail);
    }

    /** Whether this is the id of an IANA time zone: an offset such as {@code +02:00} is none. */
    static boolean isZone(String id) {
        return id != null && ZoneId.getAvailableZoneIds().contains(id);
    }

    private Optional<PhoneNumber> parse(String number) {
        if (number == null || !E164.matcher(number).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(numbers.parse(number, null));
        } catch (NumberParseException impossible) {
            return Optional.empty();
        }
    }
}
