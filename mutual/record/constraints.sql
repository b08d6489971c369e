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
create or replace trigger cosignature_closed before update or delete on public.record_cosignature
  for each row execute function public.record_addendum_is_closed();

-- F-10: a draft is its author's alone. Staff who may know a note's facts may know that it is due.
-- C-76: a record that its person closed looks empty to whoever holds their phone. One policy, and
-- staff first, as every list of notes asks it.
create or replace function public.record_is_closed() returns boolean
  language plpgsql stable set search_path = pg_catalog as $$
begin  -- under the actor's own rights; a function, so that lists don't plan it each time
  return exists (select from public.record_closedrecord c where c.person_id = wall.actor());
end $$;
drop policy if exists closed_facts on public.record_note;
drop policy if exists draft_facts on public.record_note;
create policy draft_facts on public.record_note as restrictive for select to mutual_app
  using ((select wall.is_staff())
    or (status = 'signed' or author_id = (select wall.actor()))
      and not (select public.record_is_closed()));
drop policy if exists draft_text on public.record_notebody;
create policy draft_text on public.record_notebody as restrictive for select to mutual_app
  using (signed or author_id = (select wall.actor()));

-- C-76: a record that its person closed looks empty to whoever holds their phone.
drop policy if exists closed_text on public.record_notebody;
create policy closed_text on public.record_notebody as restrictive for select to mutual_app
  using ((select wall.is_staff()) or not (select public.record_is_closed()));
drop policy if exists closed_more on public.record_addendum;
create policy closed_more on public.record_addendum as restrictive for select to mutual_app
  using ((select wall.is_staff()) or not (select public.record_is_closed()));

-- What somebody writes bears their own name.
drop policy if exists own_hand on public.record_note;
create policy own_hand on public.record_note as restrictive for insert to mutual_app
  with check (author_id = (select wall.actor()));
drop policy if exists own_hand on public.record_notebody;
create policy own_hand on public.record_notebody as restrictive for insert to mutual_app
  with check (author_id = (select wall.actor()));
drop policy if exists own_hand on public.record_dischargefacts;
create policy own_hand on public.record_dischargefacts as restrictive for insert to mutual_app
  with check (author_id = (select wall.actor()));
drop policy if exists own_hand on public.record_incident;
create policy own_hand on public.record_incident as restrictive for insert to mutual_app
  with check (author_id = (select wall.actor()));
-- C-72: nobody co-signs in a supervisor's name, and only whom the note waits for.
drop policy if exists own_hand on public.record_cosignature;
create policy own_hand on public.record_cosignature as restrictive for insert to mutual_app
  with check (supervisor_id = (select wall.actor()) and exists (select from public.record_note n
    where n.id = note_id and n.cosign_by = (select wall.actor())));
drop policy if exists own_hand on public.record_addendum;
create policy own_hand on public.record_addendum as restrictive for insert to mutual_app
  with check (author_id = (select wall.actor()));

-- Text, addenda and co-signatures lie in the chart of their note, under its kind: a hidden note
-- is refused like an absent one (house.md).
create unique index if not exists note_chart on public.record_note (id, subject_id, kind);
do $$
declare
  child text;
begin
  foreach child in array array['record_notebody', 'record_addendum', 'record_cosignature'] loop
    if not exists (select from pg_constraint where conname = child || '_chart') then
      execute format('alter table public.%I add constraint %I foreign key'
        ' (note_id, subject_id, kind) references public.record_note (id, subject_id, kind)',
        child, child || '_chart');
    end if;
  end loop;
end $$;

-- F-11: who came and when doesn't change under a signed note. The check runs as the owner: a
-- planner may not see the note whose session is moved, yet must not move it.
create or replace function public.record_session_is_closed() returns trigger
language plpgsql security definer set search_path = pg_catalog, public as $$
declare
  wanted uuid;
  who uuid;
begin
  if tg_table_name = 'week_session' then
    wanted := old.id;
    if new.during = old.during and new.clinician_id = old.clinician_id
       and new.subject_id = old.subject_id and new.kind = old.kind then
      return new;
    end if;
  else
    wanted := old.session_id;
    who := old.person_id;
    -- Nested: plpgsql reads a whole condition, also columns that another table doesn't have.
    if tg_op = 'UPDATE' then
      if tg_table_name = 'week_attendance' then
        if new.minutes = old.minutes and new.status = old.status
           and new.person_id = old.person_id then
          return new;
        end if;
      elsif new.cancelled = old.cancelled and new.person_id = old.person_id
         and new.during = old.during then
        return new;
      end if;
    end if;
  end if;
  if exists (select from record_note n where n.session_id = wanted and n.status = 'signed'
       and (who is null or n.subject_of = 'C' or n.subject_id = who)) then
    raise exception 'this session has a signed note: add an addendum' using errcode = 'MU071';
  end if;
  if tg_op = 'DELETE' then return old; end if;
  return new;
end $$;
create or replace trigger session_closed before update on public.week_session
  for each row execute function public.record_session_is_closed();
create or replace trigger seat_closed before update or delete on public.week_seat
  for each row execute function public.record_session_is_closed();
create or replace trigger attendance_closed before update or delete on public.week_attendance
  for each row execute function public.record_session_is_closed();

-- C-102: a signed discharge summary is closed like a note.
create or replace function public.record_summary_is_closed() returns trigger
language plpgsql as $$
declare
  closed boolean;
begin
  if tg_table_name = 'record_dischargefacts' then
    closed := old.signed_at is not null;
  else
    select f.signed_at is not null into closed
      from public.record_dischargefacts f where f.id = old.facts_id;
  end if;
  if closed then
    raise exception 'a signed summary is closed: write a contact note' using errcode = 'MU071';
  end if;
  if tg_op = 'DELETE' then return old; end if;
  return new;
end $$;
create or replace trigger summary_facts_closed before update or delete
  on public.record_dischargefacts for each row execute function public.record_summary_is_closed();
create or replace trigger summary_closed before update or delete
  on public.record_dischargesummary for each row execute function public.record_summary_is_closed();
-- The person reads a summary once it is signed (C-76).
drop policy if exists draft_summary on public.record_dischargesummary;
create policy draft_summary on public.record_dischargesummary as restrictive for select
  to mutual_app using ((select wall.is_staff()) or exists (select
    from public.record_dischargefacts f where f.id = facts_id and f.signed_at is not null));

-- C-82, C-87, C-90: facts and text of one thing are one person's.
alter table public.record_medicine drop constraint if exists medicine_same_person;
alter table public.record_medicine add constraint medicine_same_person
  foreign key (person_id, facts_id) references public.record_medicinefacts (person_id, id);
alter table public.record_specimen drop constraint if exists specimen_same_person;
alter table public.record_specimen add constraint specimen_same_person
  foreign key (person_id, facts_id) references public.record_specimenfacts (person_id, id);
-- A saved version of a safety plan stays as it was; the next save is a row of its own, and what
-- somebody saves bears their own name.
drop policy if exists own_hand on public.record_safetyplan;
create policy own_hand on public.record_safetyplan as restrictive for insert to mutual_app
  with check (by_id = (select wall.actor()));
create or replace function public.record_version_is_kept() returns trigger
language plpgsql as $$
begin
  raise exception 'a saved version stays as it is: save a new one' using errcode = 'MU071';
end $$;
create or replace trigger safety_plan_kept before update or delete on public.record_safetyplan
  for each row execute function public.record_version_is_kept();

-- P-45: signed or not, a note is kept as long as the state of its person says; a hold wins.
create or replace trigger kept before delete on public.record_note
  for each row execute function public.privacy_keep('starts_at', 'state', 'subject_id');
