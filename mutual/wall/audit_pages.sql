-- What is read of the audit: pages for the privacy officer, sums for the watch, and each person's
-- own list. The table itself no role of the application reads (audit.sql). Run by the owner after
-- audit.sql; every statement may be repeated.
drop function if exists wall.audit_last(integer);

-- One page, newest first, by number of the entry: as quick at the millionth as at the first. Only
-- the conditions that are asked stand in the statement, so that an index answers each of them.
create or replace function wall.audit_page(
    who uuid, whose uuid[], kinds text[], actions text[], since timestamptz, until timestamptz,
    before bigint, amount integer)
  returns table (seq bigint, at timestamptz, actor uuid, actor_kind text, action text, kind text,
    subject uuid, object uuid, reason text, under text, session text)
  language plpgsql stable security definer set search_path = pg_catalog, wall as $$
declare lowest bigint; highest bigint := before;
begin
  if not wall.everyone('audit_trail') then return; end if;
  if since is not null then
    select a.seq into lowest from wall.audit a where a.at >= since order by a.at, a.seq limit 1;
    if lowest is null then return; end if;
  end if;
  if until is not null then
    select least(highest, a.seq) into highest from wall.audit a
     where a.at >= until order by a.at, a.seq limit 1;
    highest := coalesce(highest, before);
  end if;
  return query execute
    'select a.seq, a.at, a.actor, a.actor_kind, a.action, a.kind, a.subject, a.object, a.reason,'
    || ' a.under, a.session from wall.audit a where (a.subject = any($1)) is not true'
    || case when who is null then '' else ' and a.actor = $2' end
    || case when whose is null then '' else ' and a.subject = any($3)' end
    || case when kinds is null then '' else ' and a.kind = any($4)' end
    || case when actions is null then '' else ' and a.action = any($5)' end
    || case when lowest is null then '' else ' and a.seq >= $6' end
    || case when highest is null then '' else ' and a.seq < $7' end
    || ' order by a.seq desc limit $8'
    using wall.conflicts(), who, whose, kinds, actions, lowest, highest, least(amount, 500);
end $$;

-- What happened between two moments, summed by day, reader, subject, right and action: for the
-- watch, which judges sums and reads no line.
create or replace function wall.audit_sums(since timestamptz, until timestamptz, zone text)
  returns table (day date, actor uuid, actor_kind text, subject uuid, object uuid, under text,
    action text, lines bigint, night bigint, first_seq bigint, last_seq bigint)
  language plpgsql stable security definer set search_path = pg_catalog, wall as $$
begin
  if not wall.everyone('audit_trail') then return; end if;
  return query
    select (a.at at time zone zone)::date, a.actor, a.actor_kind, a.subject,
           case when a.action = 'refused' then a.object end, a.under, a.action, count(*),
           count(*) filter (where extract(hour from a.at at time zone zone) in (23, 0, 1, 2, 3, 4)),
           min(a.seq), max(a.seq)
      from wall.audit a
     where a.at >= since and a.at < until and a.actor_kind in ('person', 'staff')
       and (a.action in ('read', 'print', 'export') and a.subject is not null
            and a.subject <> a.actor or a.action in ('refused', 'break-glass'))
     group by 1, 2, 3, 4, 5, 6, 7;
end $$;

-- Who looked at my record (P-87, D8): members of staff, by day. Never what the table keeps from
-- the person (what was asked live, working notes, tasks): a kind that its own line opens to no
-- `self` is not on the list. Of what belongs to the couple, a reader who stands in no relation to
-- the one who asks comes without a name: who treats the partner is the partner's.
create or replace function wall.audit_mine(zone text, until date, days integer)
  returns table (day date, reader uuid, kind text, action text, under text, reason text,
    ours boolean)
  language plpgsql stable security definer set search_path = pg_catalog, wall, public as $$
declare me uuid := wall.actor(); from_ timestamptz; to_ timestamptz;
begin
  if wall.actor_kind() is distinct from 'person' then return; end if;
  to_ := (until + 1)::timestamp at time zone zone;
  from_ := (until + 1 - least(days, 92))::timestamp at time zone zone;
  return query
    with mine as (
      select r.subject_id as id, r.subject_of <> 'P' as ours, r.valid from public.wall_relation r
       where r.viewer_id = me and r.relation = 'self' and r.subject_of in ('P', 'C')),
    known as (
      select distinct r.viewer_id from public.wall_relation r where r.subject_id = me)
    select distinct (a.at at time zone zone)::date,
           case when not m.ours or a.actor in (select viewer_id from known)
                  or a.under ~ '\m(director|biller|admissions|care_coordinator|auditor|privacy_officer|on_call|couples_therapist)\M'
                then a.actor end,
           a.kind, a.action, a.under,
           case when a.action = 'break-glass' then a.reason else '' end, m.ours
      from wall.audit a join mine m on m.id = a.subject and a.at <@ m.valid
     where a.at >= from_ and a.at < to_ and a.actor_kind = 'staff'
       and a.action in ('read', 'print', 'export', 'break-glass')
       and (a.action = 'break-glass' or exists (
         select from wall.rule u where u.relation = 'self'
            and split_part(u.category, '.', 1) = a.kind and a.kind <> 'audit_trail'))
     limit 2000;
end $$;
