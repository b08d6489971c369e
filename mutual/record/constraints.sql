-- C-71, F-11: a signed note never changes and is never deleted, by any path.
create or replace function public.record_signed_is_closed() returns trigger language plpgsql as $$
begin
  if tg_table_name = 'record_note' then
    if old.status = 'signed' then
      raise exception 'a signed note is closed: add an addendum' using errcode = 'MU071';
    end if;
  elsif exists (select from public.record_note n where n.id = old.note_id and n.status = 'signed')
  then
    raise exception 'a signed note is closed: add an addendum' using errcode = 'MU071';
  end if;
  if tg_op = 'DELETE' then return old; end if;
  return new;
end $$;
create or replace trigger note_closed before update or delete on public.record_note
  for each row execute function public.record_signed_is_closed();
create or replace trigger note_body_closed before update or delete on public.record_notebody
  for each row execute function public.record_signed_is_closed();
create or replace function public.record_addendum_is_closed() returns trigger
language plpgsql as $$
begin
  raise exception 'an addendum is closed: add another' using errcode = 'MU071';
end $$;
create or replace trigger addendum_closed before update or delete on public.record_addendum
  for each row execute function public.record_addendum_is_closed();
