-- Windows of long names, kept by triggers so that no writer can forget them.

CREATE OR REPLACE FUNCTION counter.add_name_parts() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = counter, pg_temp
AS $$
BEGIN
    INSERT INTO counter.account_name_part (hall_no, part, account_no)
    SELECT DISTINCT a.hall_no, substr(a.name, start, 4), a.account_no
      FROM written a CROSS JOIN LATERAL generate_series(4, length(a.name)) AS start
     WHERE length(a.name) > 3;
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION counter.renew_name_parts() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = counter, pg_temp
AS $$
BEGIN
    DELETE FROM counter.account_name_part p
     USING replaced o JOIN written n USING (account_no)
     WHERE p.account_no = o.account_no AND p.hall_no = o.hall_no
       AND (o.name, o.hall_no) IS DISTINCT FROM (n.name, n.hall_no)
       AND p.part IN (SELECT substr(o.name, start, 4) FROM generate_series(4, length(o.name)) AS start);
    INSERT INTO counter.account_name_part (hall_no, part, account_no)
    SELECT DISTINCT n.hall_no, substr(n.name, start, 4), n.account_no
      FROM replaced o JOIN written n USING (account_no)
           CROSS JOIN LATERAL generate_series(4, length(n.name)) AS start
     WHERE (o.name, o.hall_no) IS DISTINCT FROM (n.name, n.hall_no) AND length(n.name) > 3
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER account_name_parts_added AFTER INSERT ON counter.account
REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION counter.add_name_parts();

CREATE OR REPLACE TRIGGER account_name_parts_renewed AFTER UPDATE ON counter.account
REFERENCING OLD TABLE AS replaced NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION counter.renew_name_parts();
