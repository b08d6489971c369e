-- What the database keeps by itself in the week. Repeatable; run after every migration.

-- Each change that a calendar must notice counts its entry up (RFC 5545, 3.8.7.4).
create or replace function public.week_seat_counted() returns trigger
language plpgsql as $$
begin
  if (new.during, new.cancelled) is distinct from (old.during, old.cancelled) then
    new.sequence := old.sequence + 1;
  else
    new.sequence := old.sequence;
  end if;
  return new;
end $$;
create or replace trigger seat_counted before update on public.week_seat
  for each row execute function public.week_seat_counted();
