-- Every number that a request of the contact was sent to.
SELECT DISTINCT r.to_number FROM request r WHERE r.contact_id = :#${variable.optOutContact}
