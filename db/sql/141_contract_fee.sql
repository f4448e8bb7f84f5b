-- The third level of POS: what the acquirer may take of a line by its contract.

-- In fen, half a fen up, with the sign of the line; NULL where no contract says.
CREATE OR REPLACE FUNCTION counter.contract_fee(of_line counter.statement_line) RETURNS bigint
LANGUAGE sql STABLE
AS $$
    SELECT (sign(of_line.amount_fen) * least(
               greatest(div(abs(of_line.amount_fen)::numeric * c.rate_ppm + 500000, 1000000), c.fee_min_fen),
               c.fee_max_fen))::bigint
      FROM counter.acquirer_contract c
     WHERE c.merchant = of_line.bank_account_no AND c.card_class IN (of_line.card_class, '')
       AND c.valid_from <= of_line.booked
     ORDER BY c.card_class = '' , c.valid_from DESC LIMIT 1
$$;
