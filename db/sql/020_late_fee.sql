-- Late fee (供电营业规则 1996 §98 and its later revisions as dated rows of late_fee_policy).
-- A day from the day after the due date to the day paid costs principal × rate; the rate is that of the
-- policy in force on the day, for the due date's own year or for later years. Rounded once, half up.
-- counter/domain/late_fee.py computes the same to the fen; a property test holds the two together.


-- The policies of a class, newest first; read once and handed to the functions below.
CREATE OR REPLACE FUNCTION counter.late_fee_policies(for_class text) RETURNS counter.late_fee_policy[]
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT coalesce(array_agg(p ORDER BY p.valid_from DESC), '{}') FROM counter.late_fee_policy p
     WHERE p.customer_class = for_class
$$;

CREATE OR REPLACE FUNCTION counter.late_fee_accrual(
    policies counter.late_fee_policy[], due_date date, accrued_through date, principal_open_fen bigint, on_date date
) RETURNS bigint
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
DECLARE
    year_end date;
    last_day date := on_date;
    policy counter.late_fee_policy;
    day_rates bigint := 0;  -- parts per million × days
BEGIN
    IF on_date <= accrued_through OR principal_open_fen = 0 THEN
        RETURN 0;
    END IF;
    year_end := make_date(date_part('year', due_date)::integer, 12, 31);
    -- From the newest policy back to the one that was in force when the count began; one that is not in force
    -- yet on the last day has no days.
    FOREACH policy IN ARRAY policies LOOP
        day_rates := day_rates
            + greatest(0, least(last_day, year_end) - greatest(policy.valid_from - 1, accrued_through))::bigint
              * policy.rate_same_year_ppm
            + greatest(0, last_day - greatest(policy.valid_from - 1, accrued_through, year_end))::bigint
              * policy.rate_earlier_year_ppm;
        EXIT WHEN policy.valid_from <= accrued_through + 1;
        last_day := least(last_day, policy.valid_from - 1);
    END LOOP;
    -- principal × day_rates / 1,000,000, in two parts so that no product leaves the range
    RETURN principal_open_fen / 1000000 * day_rates + (principal_open_fen % 1000000 * day_rates + 500000) / 1000000;
END
$$;

CREATE OR REPLACE FUNCTION counter.late_fee_minimum(policies counter.late_fee_policy[], on_date date) RETURNS bigint
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
DECLARE
    policy counter.late_fee_policy;
BEGIN
    FOREACH policy IN ARRAY policies LOOP
        IF policy.valid_from <= on_date THEN
            RETURN policy.minimum_fen;
        END IF;
    END LOOP;
    RETURN NULL;
END
$$;

-- What is still due when accrued_fen has accrued in all and paid_fen of it is paid.
CREATE OR REPLACE FUNCTION counter.late_fee_due(accrued_fen bigint, paid_fen bigint, minimum_fen bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    SELECT CASE WHEN accrued_fen = 0 THEN 0
                ELSE greatest(greatest(accrued_fen, minimum_fen) - paid_fen, 0) END
$$;
