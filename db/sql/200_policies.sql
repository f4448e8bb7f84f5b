-- Who may read which rows. Master data, bills and dictionaries are open to all staff, because an account is
-- served at any hall; tills, shifts, journals and what hangs on them are the own hall's, except for
-- auditors, administrators and services.

DO $do$
DECLARE
    rule record;
BEGIN
    FOR rule IN
        SELECT * FROM (VALUES
            ('staff', 'hall_no = (SELECT counter.my_hall()) OR (SELECT counter.sees_all_halls())'),
            ('till', 'hall_no = (SELECT counter.my_hall()) OR (SELECT counter.sees_all_halls())'),
            ('shift', 'hall_no = (SELECT counter.my_hall()) OR (SELECT counter.sees_all_halls())'),
            ('journal', 'hall_no = (SELECT counter.my_hall()) OR (SELECT counter.sees_all_halls())'),
            ('receipt', 'hall_no = (SELECT counter.my_hall()) OR (SELECT counter.sees_all_halls())'),
            ('posting', '(SELECT counter.sees_all_halls()) OR EXISTS (SELECT FROM counter.journal j '
                        'WHERE j.journal_id = posting.journal_id)'),
            ('tender', '(SELECT counter.sees_all_halls()) OR EXISTS (SELECT FROM counter.journal j '
                       'WHERE j.journal_id = tender.journal_id)'),
            ('receipt_print', '(SELECT counter.sees_all_halls()) OR EXISTS (SELECT FROM counter.receipt r '
                              'WHERE r.journal_id = receipt_print.journal_id)'),
            ('receipt_account', '(SELECT counter.sees_all_halls()) OR EXISTS (SELECT FROM counter.receipt r '
                                'WHERE r.journal_id = receipt_account.journal_id)'),
            ('journal_note', '(SELECT counter.sees_all_halls()) OR EXISTS (SELECT FROM counter.journal j '
                             'WHERE j.journal_id = journal_note.journal_id)'),
            ('tender_document', '(SELECT counter.sees_all_halls()) OR EXISTS (SELECT FROM counter.journal j '
                                'WHERE j.journal_id = tender_document.journal_id)'),
            ('approval_request', 'hall_no = (SELECT counter.my_hall()) OR (SELECT counter.sees_all_halls())'),
            ('approval_decision', '(SELECT counter.sees_all_halls()) OR EXISTS (SELECT FROM counter.approval_request r '
                                  'WHERE r.approval_id = approval_decision.approval_id)'),
            ('approval_use', '(SELECT counter.sees_all_halls()) OR EXISTS (SELECT FROM counter.approval_request r '
                             'WHERE r.approval_id = approval_use.approval_id)'),
            ('cash_movement', '(SELECT counter.sees_all_halls()) OR EXISTS (SELECT FROM counter.shift s '
                              'WHERE s.shift_id = cash_movement.shift_id)'),
            ('shift_count', '(SELECT counter.sees_all_halls()) OR EXISTS (SELECT FROM counter.shift s '
                            'WHERE s.shift_id = shift_count.shift_id)'),
            ('shift_closing', '(SELECT counter.sees_all_halls()) OR EXISTS (SELECT FROM counter.shift s '
                              'WHERE s.shift_id = shift_closing.shift_id)'),
            ('deposit', 'hall_no = (SELECT counter.my_hall()) OR (SELECT counter.sees_all_halls())'),
            ('deposit_item', '(SELECT counter.sees_all_halls()) OR EXISTS (SELECT FROM counter.deposit d '
                             'WHERE d.journal_id = deposit_item.journal_id)'),
            ('vend', 'hall_no = (SELECT counter.my_hall()) OR (SELECT counter.sees_all_halls())'),
            ('vend_event', '(SELECT counter.sees_all_halls()) OR EXISTS (SELECT FROM counter.vend v '
                           'WHERE v.vend_id = vend_event.vend_id)'),
            ('token_vend', 'hall_no = (SELECT counter.my_hall()) OR (SELECT counter.sees_all_halls())'),
            ('token_vend_event', '(SELECT counter.sees_all_halls()) OR EXISTS (SELECT FROM counter.token_vend v '
                                 'WHERE v.vend_id = token_vend_event.vend_id)'),
            ('token_vend_signature', '(SELECT counter.sees_all_halls()) OR EXISTS (SELECT FROM counter.token_vend v '
                                     'WHERE v.vend_id = token_vend_signature.vend_id)'),
            ('vend_signature', '(SELECT counter.sees_all_halls()) OR EXISTS (SELECT FROM counter.vend v '
                               'WHERE v.vend_id = vend_signature.vend_id)'),
            ('day_closing', 'hall_no = (SELECT counter.my_hall()) OR (SELECT counter.sees_all_halls())'),
            ('month_closing', 'hall_no = (SELECT counter.my_hall()) OR (SELECT counter.sees_all_halls())'),
            ('account_change', '(SELECT counter.sees_all_halls()) OR staff_no = session_user::text')
        ) AS rules(table_name, condition)
    LOOP
        EXECUTE format('ALTER TABLE counter.%I ENABLE ROW LEVEL SECURITY', rule.table_name);
        EXECUTE format('DROP POLICY IF EXISTS read_own_hall ON counter.%I', rule.table_name);
        EXECUTE format('CREATE POLICY read_own_hall ON counter.%I FOR SELECT USING (%s)',
                       rule.table_name, rule.condition);
    END LOOP;
END
$do$;
