-- What a till may do stands on the till's own row, which every posting has locked anyway: who may post at it
-- (staff_no), whether a request was given up at it (has_abandoned), by which clock its days change (timezone)
-- and up to which day its hall's books are closed (closed_through). The rows that say so keep it true by these triggers, whoever writes them; and since
-- they wait for the till's lock, a day is never closed, nor a member of staff locked, in mid-posting.

CREATE OR REPLACE FUNCTION counter.close_tills() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = counter, pg_temp
AS $$
BEGIN
    UPDATE counter.till SET closed_through = greatest(closed_through, NEW.business_date) WHERE hall_no = NEW.hall_no;
    RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER close_tills AFTER INSERT ON counter.closed_day
FOR EACH ROW EXECUTE FUNCTION counter.close_tills();

CREATE OR REPLACE FUNCTION counter.begin_till() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = counter, pg_temp
AS $$
BEGIN
    IF NEW.till_no < 1 THEN
        PERFORM counter.refuse('CN014', 'a till has a positive number', jsonb_build_object('till_no', NEW.till_no));
    END IF;
    -- A closing that is under way holds the hall's row: its day counts for this till, too.
    PERFORM FROM counter.hall WHERE hall_no = NEW.hall_no FOR SHARE;
    NEW.closed_through := coalesce((SELECT max(business_date) FROM counter.closed_day WHERE hall_no = NEW.hall_no),
                                   NEW.closed_through);
    NEW.timezone := coalesce((SELECT timezone FROM counter.bureau), NEW.timezone);
    RETURN NEW;
END
$$;

CREATE OR REPLACE TRIGGER begin_till BEFORE INSERT ON counter.till
FOR EACH ROW EXECUTE FUNCTION counter.begin_till();

CREATE OR REPLACE FUNCTION counter.set_clocks() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = counter, pg_temp
AS $$
BEGIN
    UPDATE counter.till SET timezone = NEW.timezone WHERE timezone <> NEW.timezone;
    RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER set_clocks AFTER INSERT OR UPDATE OF timezone ON counter.bureau
FOR EACH ROW EXECUTE FUNCTION counter.set_clocks();

-- A locked member of staff holds the till on, but posts nothing at it.
CREATE OR REPLACE FUNCTION counter.lock_holder() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = counter, pg_temp
AS $$
BEGIN
    UPDATE counter.till t SET staff_no = CASE WHEN NEW.active THEN NEW.staff_no END
      FROM counter.shift s WHERE s.shift_id = t.shift_id AND s.staff_no = NEW.staff_no;
    RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER lock_holder AFTER UPDATE OF active ON counter.staff
FOR EACH ROW WHEN (NEW.active IS DISTINCT FROM OLD.active) EXECUTE FUNCTION counter.lock_holder();

-- Every hall has a safe, where its deposits are posted (800000 + hall), and a till for what the bank says (850000 + hall);
-- halls of an older schema get theirs here.
INSERT INTO counter.till (till_no, hall_no, name, kind)
SELECT 800000 + hall_no, hall_no, name, 'safe' FROM counter.hall
ON CONFLICT DO NOTHING;
INSERT INTO counter.till (till_no, hall_no, name, kind)
SELECT 850000 + hall_no, hall_no, name, 'bank' FROM counter.hall
ON CONFLICT DO NOTHING;

-- What journals name is never taken away from under them.
CREATE OR REPLACE TRIGGER refuse_removal BEFORE UPDATE OF till_no OR DELETE ON counter.till
FOR EACH ROW EXECUTE FUNCTION counter.refuse_change();
