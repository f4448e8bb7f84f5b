-- From account_staging, already checked, into the master data. Request: {request_id, file_hash}.
-- Unknown accounts are added, changed ones changed, equal ones left alone. An opening prepaid balance is
-- posted once, when the account is added. A phone number is kept where the file has none.

CREATE OR REPLACE FUNCTION counter.post_opening_balances(request jsonb) RETURNS bigint
LANGUAGE plpgsql
AS $$
DECLARE
    piece record;
    posted bigint;
BEGIN
    INSERT INTO counter.account_balance (account_no, prepaid_fen) SELECT account_no, prepaid_fen FROM pg_temp.added_account;
    FOR piece IN
        SELECT n.hall_no, n.chunk, sum(n.prepaid_fen)::bigint AS total_fen,
               array_agg(ROW('prepaid', n.account_no, NULL, NULL, -n.prepaid_fen)::counter.posting_line
                         ORDER BY n.account_no) AS lines
          FROM (SELECT a.*, (row_number() OVER (PARTITION BY a.hall_no ORDER BY a.account_no) - 1) / 1000 AS chunk
                  FROM pg_temp.added_account a WHERE a.prepaid_fen > 0) n
         GROUP BY n.hall_no, n.chunk ORDER BY n.hall_no, n.chunk
    LOOP
        PERFORM counter.append_import_journal('opening_balance', piece.hall_no, piece.chunk, request,
            ROW('opening_equity', NULL, NULL, NULL, piece.total_fen)::counter.posting_line || piece.lines);
    END LOOP;
    SELECT count(*) INTO posted FROM pg_temp.added_account WHERE prepaid_fen > 0;
    RETURN posted;
END
$$;

CREATE OR REPLACE FUNCTION counter.renew_addresses() RETURNS void
LANGUAGE plpgsql
AS $$
BEGIN
    INSERT INTO counter.place (name)
    SELECT DISTINCT piece.name FROM counter.account_staging s CROSS JOIN LATERAL unnest(s.places) AS piece(name)
    ON CONFLICT DO NOTHING;
    DELETE FROM counter.account_address d USING pg_temp.changed_account c WHERE d.account_no = c.account_no;
    INSERT INTO counter.account_address (place_id, hall_no, tail, account_no)
    SELECT DISTINCT p.place_id, s.hall_no::smallint, piece.tail, s.account_no
      FROM (SELECT account_no FROM pg_temp.added_account UNION ALL SELECT account_no FROM pg_temp.changed_account) t
      JOIN counter.account_staging s USING (account_no)
           CROSS JOIN LATERAL unnest(s.places, s.tails) AS piece(name, tail)
      JOIN counter.place p ON p.name = piece.name
     ORDER BY p.place_id, s.hall_no::smallint, piece.tail, s.account_no;
END
$$;

-- The staged lines as accounts: Chinese and English words of a file are one value here.
CREATE OR REPLACE VIEW counter.staged_account AS
SELECT account_no, hall_no::smallint AS hall_no, name, name_initials, address, nullif(meter_no, '') AS meter_no,
       nullif(phone, '') AS phone, customer_class, coalesce(payment_mode, 'postpaid') AS payment_mode,
       coalesce(tenant = 't', false) AS tenant, coalesce(hardship = 't', false) AS hardship,
       coalesce(disconnected = 't', false) AS disconnected, coalesce(corporate_bank = 't', false) AS corporate_bank,
       coalesce(status, 'active') AS status, coalesce(counter.yuan_to_fen(nullif(prepaid, '')), 0) AS prepaid_fen,
       coalesce(risk_customer = 't', false) AS risk_customer
  FROM counter.account_staging;

CREATE OR REPLACE FUNCTION counter.load_accounts(request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = counter, pg_temp
AS $$
DECLARE
    staged bigint;
    added bigint;
    changed bigint;
    opened bigint;
BEGIN
    ANALYZE counter.account_staging;
    SELECT count(*) INTO staged FROM counter.account_staging;
    CREATE TEMP TABLE added_account ON COMMIT DROP AS
    SELECT s.account_no, s.hall_no, s.prepaid_fen FROM counter.staged_account s
      LEFT JOIN counter.account a USING (account_no) WHERE a.account_no IS NULL ORDER BY s.account_no;
    CREATE TEMP TABLE changed_account ON COMMIT DROP AS
    SELECT s.account_no FROM counter.staged_account s JOIN counter.account a USING (account_no)
     WHERE (a.hall_no, a.name, a.name_initials, a.address, a.meter_no, a.phone, a.customer_class, a.payment_mode,
            a.tenant, a.hardship, a.disconnected, a.corporate_bank, a.status, a.risk_customer)
           IS DISTINCT FROM
           (s.hall_no, s.name, s.name_initials, s.address, s.meter_no, coalesce(s.phone, a.phone), s.customer_class,
            s.payment_mode, s.tenant, s.hardship, s.disconnected, s.corporate_bank, s.status, s.risk_customer);
    GET DIAGNOSTICS changed = ROW_COUNT;
    ANALYZE pg_temp.added_account;
    ANALYZE pg_temp.changed_account;
    INSERT INTO counter.account (account_no, hall_no, name, name_initials, address, meter_no, phone, customer_class,
                                 payment_mode, tenant, hardship, disconnected, corporate_bank, status,
                                 risk_customer)
    SELECT account_no, s.hall_no, name, name_initials, address, meter_no, phone, customer_class,
           payment_mode, tenant, hardship, disconnected, corporate_bank, status, risk_customer
      FROM counter.staged_account s JOIN pg_temp.added_account n USING (account_no) ORDER BY account_no;
    GET DIAGNOSTICS added = ROW_COUNT;
    UPDATE counter.account a
       SET (hall_no, name, name_initials, address, meter_no, phone, customer_class, payment_mode, tenant, hardship,
            disconnected, corporate_bank, status, risk_customer)
         = (s.hall_no, s.name, s.name_initials, s.address, s.meter_no, coalesce(s.phone, a.phone), s.customer_class,
            s.payment_mode, s.tenant, s.hardship, s.disconnected, s.corporate_bank, s.status, s.risk_customer)
      FROM counter.staged_account s JOIN pg_temp.changed_account USING (account_no)
     WHERE a.account_no = s.account_no;
    opened := counter.post_opening_balances(request);
    PERFORM counter.renew_addresses();
    RETURN jsonb_build_object('lines', staged, 'added', added, 'changed', changed, 'opening_balances', opened);
END
$$;
