-- Who is signed in, what day it is, and how things are written as text.
-- Every function that runs with the owner's rights fixes its search_path, so that nobody can slip an object
-- of their own in front; the plain ones are called by those and qualify every name.

CREATE OR REPLACE FUNCTION counter.my_hall() RETURNS smallint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = counter, pg_temp
AS $$ SELECT hall_no FROM counter.staff WHERE staff_no = session_user::text AND active $$;

CREATE OR REPLACE FUNCTION counter.sees_all_halls() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = counter, pg_temp
AS $$
    SELECT EXISTS (SELECT FROM counter.staff
                    WHERE staff_no = session_user::text AND active AND duty IN ('auditor', 'admin', 'service'))
$$;

-- The hall's date. Halls work every day of the week, so no weekday rule stands here.
CREATE OR REPLACE FUNCTION counter.business_date() RETURNS date
LANGUAGE sql STABLE
AS $$ SELECT (clock_timestamp() AT TIME ZONE timezone)::date FROM counter.bureau $$;

-- The number on the paper: till, date, serial; for example 0107-261123-0042.
CREATE OR REPLACE FUNCTION counter.receipt_no(till_no integer, business_date date, serial integer) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT to_char(till_no, 'FM9999990000') || to_char(business_date, '"-"YYMMDD"-"') || to_char(serial, 'FM9999990000')
$$;

CREATE OR REPLACE FUNCTION counter.request_digest(request jsonb) RETURNS bytea
LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT sha256(convert_to(request::text, 'UTF8')) $$;

-- Refuses with a state of our own (CN…) and the facts as JSON; db/errors.py makes the sentence.
CREATE OR REPLACE FUNCTION counter.refuse(state text, reason text, facts jsonb DEFAULT '{}') RETURNS void
LANGUAGE plpgsql
AS $$
BEGIN
    RAISE EXCEPTION '%', reason USING ERRCODE = state, DETAIL = facts::text;
END
$$;
