-- The numbers that went onto the list together with their contact: one that was entered by itself since then is none of them.
SELECT DISTINCT p.number AS to_number FROM contact c
JOIN request r ON r.contact_id = c.contact_id
JOIN person p ON p.number = r.to_number
WHERE c.contact_id = :#${variable.optOutContact}
    AND c.do_not_call = TRUE AND p.do_not_call = TRUE
    AND p.do_not_call_source = c.do_not_call_source AND p.do_not_call_reason = c.do_not_call_reason
