-- Late fee (供电营业规则 1996 §98 and its later revisions as dated rows of late_fee_policy).
-- A day from the day after the due date to the day paid costs principal × rate; the rate is that of the
-- policy in force on the day, for the due date's own year or for later years. Rounded once, half up.
-- counter/domain/late_fee.py computes the same to the fen; a property test holds the two together.

CREATE OR REPLACE FUNCTION counter.late_fee_accrual(
    for_class text, due_date date, accrued_through date, principal_open_fen bigint, on_date date
) RETURNS bigint
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = counter, pg_temp
AS $$
DECLARE
    year_end date := make_date(extract(year FROM due_date)::integer, 12, 31);
    policy record;
    day_rates numeric := 0;  -- parts per million × days
BEGIN
    IF on_date <= accrued_through OR principal_open_fen = 0 THEN
        RETURN 0;
    END IF;
    FOR policy IN
        SELECT greatest(p.valid_from, accrued_through + 1) AS first_day,
               least(lead(p.valid_from, 1, 'infinity') OVER (ORDER BY p.valid_from) - 1, on_date) AS last_day,
               p.rate_same_year_ppm, p.rate_earlier_year_ppm
          FROM counter.late_fee_policy p
         WHERE p.customer_class = for_class AND p.valid_from <= on_date
    LOOP
        day_rates := day_rates
            + greatest(0, least(policy.last_day, year_end) - policy.first_day + 1)::numeric
                * policy.rate_same_year_ppm
            + greatest(0, policy.last_day - greatest(policy.first_day, year_end + 1) + 1)::numeric
                * policy.rate_earlier_year_ppm;
    END LOOP;
    RETURN round(principal_open_fen * day_rates / 1000000)::bigint;
END
$$;

CREATE OR REPLACE FUNCTION counter.late_fee_minimum(for_class text, on_date date) RETURNS bigint
LANGUAGE sql STABLE PARALLEL SAFE SET search_path = counter, pg_temp
AS $$
    SELECT minimum_fen FROM counter.late_fee_policy
     WHERE customer_class = for_class AND valid_from <= on_date
     ORDER BY valid_from DESC LIMIT 1
$$;

-- What is still due when accrued_fen has accrued in all and paid_fen of it is paid.
CREATE OR REPLACE FUNCTION counter.late_fee_due(accrued_fen bigint, paid_fen bigint, minimum_fen bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    SELECT CASE WHEN accrued_fen = 0 THEN 0
                ELSE greatest(greatest(accrued_fen, minimum_fen) - paid_fen, 0) END
$$;
