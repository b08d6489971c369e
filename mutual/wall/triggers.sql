-- Grants follow relations and consents, in the same transaction, by trigger: the application's
-- role can write a relation it may write (row policies), never a grant.
create or replace function wall.regrant(rel uuid) returns void
  language plpgsql security definer set search_path = pg_catalog, wall, public as $$
begin
  delete from wall.access_grant where relation_id = rel;
  insert into wall.access_grant (viewer_id, subject_id, category, reason, relation_id, during)
  select r.viewer_id, r.subject_id, u.category, r.reason, r.id,
         case when u.consent = '' then r.valid else r.valid * c.valid end
    from public.wall_relation r
    join wall.rule u on u.relation = r.relation
     -- A role held by clinicians (couples therapist, prescriber, nurse, supervisor) opens nothing
     -- by itself: only an assignment to somebody does. These see the programme's records:
     and case when r.subject_id is null
              then u.relation in ('admissions', 'biller', 'director', 'sysadmin',
                                  'care_coordinator', 'privacy_officer', 'on_call')
                or u.relation like 'service:%'
              else u.subject_of = r.subject_of end
    left join lateral (
      select f.valid from public.wall_consentfact f
       where not u.joint and f.person_id = r.subject_id and f.code = u.consent
         and not isempty(f.valid)
      union all
      select f1.valid * f2.valid from public.wall_relation m1
        join public.wall_relation m2 on m2.subject_id = m1.subject_id and m2.relation = 'self'
         and m2.viewer_id > m1.viewer_id
        join public.wall_consentfact f1 on f1.person_id = m1.viewer_id and f1.code = u.consent
        join public.wall_consentfact f2 on f2.person_id = m2.viewer_id and f2.code = u.consent
       where u.joint and m1.relation = 'self' and m1.subject_of = 'C'
         and (m1.subject_id = r.subject_id
              or (r.subject_of = 'P' and exists (select from public.wall_relation s
                   where s.relation = 'self' and s.subject_id = m1.subject_id
                     and s.viewer_id = r.subject_id)))
    ) c on u.consent <> ''
   where r.id = rel and (u.consent = '' or r.subject_id is null or c.valid is not null)
     and not (u.consent <> '' and r.subject_id is null)
     -- Who has a conflict of interest gets no grant there, in no role (P-6).
     and not exists (select from wall.conflict x
                      where x.viewer_id = r.viewer_id and x.subject_id = r.subject_id)
     and not isempty(case when u.consent = '' then r.valid else r.valid * c.valid end);
end $$;

-- What no relation may be, whoever writes it: care of somebody one has a conflict of interest with
-- (P-6), an emergency of more than an hour or of more than one person (P-10), a shift of a week.
create or replace function wall.relation_guard() returns trigger
  language plpgsql security definer set search_path = pg_catalog, wall as $$
begin
  if new.relation in ('own_counselor', 'partner_counselor', 'couples_therapist', 'prescriber',
                      'nurse', 'supervisor', 'auditor', 'break_glass')
     and exists (select from wall.conflict x
                  where x.viewer_id = new.viewer_id and x.subject_id = new.subject_id) then
    raise exception 'not on this team' using errcode = 'MU006';
  end if;
  if new.relation = 'break_glass' and (new.subject_id is null or new.subject_of <> 'P'
      or coalesce(upper(new.valid) - lower(new.valid) > interval '60 minutes', true)) then
    raise exception 'an emergency is one person and one hour' using errcode = 'MU010';
  end if;
  if new.relation = 'on_call' and (new.subject_id is not null
      or coalesce(upper(new.valid) - lower(new.valid) > interval '7 days', true)) then
    raise exception 'a shift ends' using errcode = 'MU010';
  end if;
  return new;
end $$;
create or replace trigger relation_guard before insert on public.wall_relation
  for each row execute function wall.relation_guard();

create or replace function wall.relation_changed() returns trigger
  language plpgsql security definer set search_path = pg_catalog, wall, public as $$
declare other uuid;
begin
  if tg_op = 'DELETE' then
    delete from wall.access_grant where relation_id = old.id;
    return old;
  end if;
  perform wall.regrant(new.id);
  if new.relation = 'self' and new.subject_of = 'C' then
    -- The second partner's membership completes the joint consents of the couple.
    for other in select id from public.wall_relation
                  where subject_id = new.subject_id and id <> new.id loop
      perform wall.regrant(other);
    end loop;
  end if;
  return new;
end $$;
create or replace trigger relation_grants after insert or update or delete on public.wall_relation
  for each row execute function wall.relation_changed();

create or replace function wall.consent_changed() returns trigger
  language plpgsql security definer set search_path = pg_catalog, wall, public as $$
declare other uuid; who uuid;
begin
  who := coalesce(new.person_id, old.person_id);
  for other in
    select r.id from public.wall_relation r where r.subject_id = who
    union
    select r.id from public.wall_relation r
      join public.wall_relation s on s.subject_id = r.subject_id
     where s.viewer_id = who and s.relation = 'self' and s.subject_of = 'C'
    union  -- joint consents may open a person's record of the other partner
    select r.id from public.wall_relation r
      join public.wall_relation p on p.subject_id = r.subject_id and p.relation = 'partner'
     where p.viewer_id = who
  loop
    perform wall.regrant(other);
  end loop;
  return coalesce(new, old);
end $$;
create or replace trigger consent_grants after insert or update or delete
  on public.wall_consentfact for each row execute function wall.consent_changed();

-- Whoever loses a grant or a sign-in: their open pages look at once (P-8, P-21; live.py). The
-- message is the actor's id; it leaves when the transaction commits.
create or replace function wall.grants_gone() returns trigger
  language plpgsql security definer set search_path = pg_catalog, wall as $$
begin
  perform pg_notify('mutual_live', viewer_id::text) from (select distinct viewer_id from gone) v;
  return null;
end $$;
create or replace trigger grants_gone after delete on wall.access_grant
  referencing old table as gone for each statement execute function wall.grants_gone();
create or replace function wall.session_gone() returns trigger
  language plpgsql security definer set search_path = pg_catalog, wall as $$
begin
  perform pg_notify('mutual_live', old.actor::text);
  return null;
end $$;
create or replace trigger session_gone after delete on wall.session
  for each row when (old.kind <> 'service') execute function wall.session_gone();
create or replace trigger session_cut after update on wall.session
  for each row when (new.expires < old.expires and new.expires <= now())
  execute function wall.session_gone();

create or replace function wall.regrant_all() returns void
  language plpgsql security definer set search_path = pg_catalog, wall, public as $$
declare rel uuid;
begin
  delete from wall.access_grant;
  for rel in select id from public.wall_relation loop perform wall.regrant(rel); end loop;
end $$;

-- Which record kind a relation is written under: writing the relation needs that kind's right.
create or replace function wall.writer_kind(relation text) returns text
  language sql immutable set search_path = pg_catalog
begin atomic
  select case
    when relation in ('self', 'partner') then 'couple.write'
    when relation in ('leader', 'member') then 'group_roster.write'
    when relation in ('own_counselor', 'partner_counselor', 'couples_therapist', 'prescriber',
                      'nurse', 'supervisor') then 'care_team.write'
    when relation = 'break_glass' then 'glass.write'
    when relation = 'on_call' then 'on_call.write'
    else 'staffing.write' end;
end;
