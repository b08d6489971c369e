-- P-45: consents, notices, disclosures, requests, demands and breaches are kept six years by the
-- database itself, whoever asks; records as long as their state says; a legal hold wins over both.
create or replace function public.privacy_held(who uuid) returns boolean
  language sql stable security definer set search_path = pg_catalog, public
begin atomic
  select exists (select from public.privacy_legalhold h
                  where h.person_id = who and h.lifted_at is null);
end;
create or replace function public.privacy_keep() returns trigger
  language plpgsql security definer set search_path = pg_catalog, public as $$
declare
  row jsonb := to_jsonb(old);
  since timestamptz := (row ->> tg_argv[0])::timestamptz;
  who uuid := (row ->> coalesce(tg_argv[2], 'person_id'))::uuid;
  years integer;
begin
  -- P-25: a release to the partner that has not begun may be dropped without a trace.
  if tg_table_name = 'privacy_consent' and (row ->> 'starts_at')::timestamptz > now() then
    return old;
  end if;
  -- 'state': as long as the state of the person says, ten years where nobody has set it.
  years := case when tg_argv[1] <> 'state' then tg_argv[1]::integer else coalesce((
    select max(r.years) from public.privacy_retentionrule r
      join public.people_person p on p.state = r.state
     where p.id = who or p.id in (select m.person_id from public.people_couplemember m
                                   where m.couple_id = who)), 10) end;
  if since > now() - make_interval(years => years) then
    raise exception 'kept for % years', years using errcode = 'MU045';
  end if;
  if public.privacy_held(who) then
    raise exception 'kept: legal hold' using errcode = 'MU045';
  end if;
  return old;
end $$;
create or replace trigger kept before delete on public.privacy_consent
  for each row execute function public.privacy_keep('signed_at', '6');
create or replace trigger kept before delete on public.privacy_disclosure
  for each row execute function public.privacy_keep('at', '6');
create or replace trigger kept before delete on public.privacy_emergencydisclosure
  for each row execute function public.privacy_keep('opened_at', '6');
create or replace trigger kept before delete on public.privacy_privacyrequest
  for each row execute function public.privacy_keep('asked_at', '6');
create or replace trigger kept before delete on public.privacy_legaldemand
  for each row execute function public.privacy_keep('judged_at', '6');
create or replace trigger kept before delete on public.privacy_breach
  for each row execute function public.privacy_keep('discovered_on', '6');
create or replace trigger kept before delete on public.privacy_auditengagement
  for each row execute function public.privacy_keep('opened_at', '6');

-- P-21, P-35: what left and what was signed keep their words. Only what the law's course changes
-- may change: a consent is taken back once, a disclosure never.
create or replace function public.privacy_unchanged() returns trigger
  language plpgsql set search_path = pg_catalog as $$
declare
  was jsonb := to_jsonb(old) - coalesce(tg_argv, '{}');
  now_ jsonb := to_jsonb(new) - coalesce(tg_argv, '{}');
begin
  if was is distinct from now_ then
    raise exception 'what was written down stays as it was' using errcode = 'MU045';
  end if;
  return new;
end $$;
create or replace trigger disclosure_stays before update on public.privacy_disclosure
  for each row execute function public.privacy_unchanged();

-- P-10: what an emergency was opened with stays; whoever opened it doesn't judge it.
create or replace function public.privacy_glass_guard() returns trigger
  language plpgsql set search_path = pg_catalog as $$
declare
  later text[] := array['closed_at', 'closed_by_id', 'verdict', 'comment', 'follow_up',
                        'reviewed_at', 'reviewed_by_id'];
begin
  if to_jsonb(old) - later is distinct from to_jsonb(new) - later then
    raise exception 'what was written down stays as it was' using errcode = 'MU045';
  end if;
  if new.reviewed_by_id = new.by_id or old.closed_at is not null
      and new.closed_at is distinct from old.closed_at then
    raise exception 'not by who opened it' using errcode = 'MU010';
  end if;
  return new;
end $$;
create or replace trigger glass_guard before update on public.privacy_breakglass
  for each row execute function public.privacy_glass_guard();
create or replace trigger kept before delete on public.privacy_breakglass
  for each row execute function public.privacy_keep('opened_at', '6');
create or replace trigger kept before delete on public.privacy_conflictofinterest
  for each row execute function public.privacy_keep('declared_at', '6', 'staff_id');

-- P-6: whom a declared name fits, now and whenever somebody of that name comes. The one who
-- declared learns nothing of it: neither the match nor its effect is theirs to read.
create or replace function public.privacy_name(given text) returns text
  language sql immutable set search_path = pg_catalog
begin atomic
  select lower(btrim(regexp_replace(given, '\s+', ' ', 'g')));
end;
create or replace function public.privacy_conflict_match(which uuid) returns void
  language plpgsql security definer set search_path = pg_catalog, public as $$
begin
  insert into public.privacy_conflictmatch (id, public_id, conflict_id, person_id)
  select gen_random_uuid(), gen_random_uuid(), c.id, p.id
    from public.privacy_conflictofinterest c
    join public.people_person p
      on privacy_name(p.given_name || ' ' || p.family_name) = privacy_name(c.name)
     and (c.born is null or p.birth_date is null or p.birth_date = c.born)
   where c.id = which and c.ended_at is null
  on conflict (conflict_id, person_id) do nothing;
end $$;
-- Rewrites what one member of staff may see nothing of: the persons, their couples, the partners;
-- and the grants with it, in the same transaction.
create or replace function public.privacy_conflict_apply(who uuid) returns void
  language plpgsql security definer set search_path = pg_catalog, public, wall as $$
declare wanted uuid[]; changed uuid[]; rel uuid;
begin
  with met as (
    select m.person_id as id from public.privacy_conflictmatch m
      join public.privacy_conflictofinterest c on c.id = m.conflict_id
     where c.staff_id = who and c.ended_at is null and m.ruled_out_at is null),
  couples as (select couple_id as id from public.people_couplemember
               where person_id in (select id from met))
  select coalesce(array_agg(distinct id), '{}') into wanted from (
    select id from met union select id from couples
    union select person_id from public.people_couplemember
           where couple_id in (select id from couples)) every_one;
  with gone as (delete from wall.conflict where viewer_id = who and subject_id <> all(wanted)
                returning subject_id),
  come as (insert into wall.conflict (viewer_id, subject_id) select who, w from unnest(wanted) w
           on conflict do nothing returning subject_id)
  select coalesce(array_agg(subject_id), '{}') into changed from (
    select subject_id from gone union all select subject_id from come) both_;
  for rel in select id from public.wall_relation
              where viewer_id = who and subject_id = any(changed) loop
    perform wall.regrant(rel);
  end loop;
  if cardinality(changed) > 0 then
    perform pg_notify('mutual_live', who::text);
  end if;
end $$;
create or replace function public.privacy_conflict_changed() returns trigger
  language plpgsql security definer set search_path = pg_catalog, public as $$
declare one record;
begin
  case tg_table_name
    when 'privacy_conflictofinterest' then
      perform privacy_conflict_match(new.id);
      perform privacy_conflict_apply(new.staff_id);
    when 'privacy_conflictmatch' then
      perform privacy_conflict_apply(c.staff_id) from public.privacy_conflictofinterest c
       where c.id = new.conflict_id;
    when 'people_person' then
      for one in select c.id, c.staff_id from public.privacy_conflictofinterest c
                  where c.ended_at is null
                    and privacy_name(c.name) = privacy_name(new.given_name || ' ' || new.family_name) loop
        perform privacy_conflict_match(one.id);
        perform privacy_conflict_apply(one.staff_id);
      end loop;
    else
      for one in select distinct x.viewer_id from wall.conflict x
                  where x.subject_id in (new.person_id, new.couple_id) loop
        perform privacy_conflict_apply(one.viewer_id);
      end loop;
  end case;
  return null;
end $$;
create or replace trigger conflict_changed after insert or update
  on public.privacy_conflictofinterest for each row
  execute function public.privacy_conflict_changed();
create or replace trigger conflict_ruled_out after update on public.privacy_conflictmatch
  for each row execute function public.privacy_conflict_changed();
create or replace trigger conflict_came after insert or update of given_name, family_name, birth_date
  on public.people_person for each row execute function public.privacy_conflict_changed();
create or replace trigger conflict_couple after insert on public.people_couplemember
  for each row execute function public.privacy_conflict_changed();
