-- B-3: control numbers come from sequences: never given twice, also not after a rollback or to
-- two workers.
create sequence if not exists public.claims_interchange_control
  minvalue 1 maxvalue 999999999 no cycle;
create sequence if not exists public.claims_group_control minvalue 1 maxvalue 999999999 no cycle;

-- What left stays as it left.
create or replace function public.claims_file_is_closed() returns trigger language plpgsql as $$
begin
  raise exception 'a file that was built is kept as it is' using errcode = 'MU047';
end $$;
create or replace trigger file_closed before update or delete on public.claims_claimfile
  for each row execute function public.claims_file_is_closed();
create or replace function public.claims_line_is_closed() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or row(old.claim_id, old.person_id, old.date, old.code, old.units,
      old.charge, old.control) is distinct from row(new.claim_id, new.person_id, new.date,
      new.code, new.units, new.charge, new.control) then
    raise exception 'a line of a claim is closed: replace the claim' using errcode = 'MU047';
  end if;
  return new;
end $$;
create or replace trigger line_closed before update or delete on public.claims_claimline
  for each row execute function public.claims_line_is_closed();
