-- The audit trail: one chain, append-only for every role (P-88, P-89). Run by the owner right
-- after schema.sql; every statement may be repeated.
create table if not exists wall.audit (
  seq bigint primary key,
  at timestamptz not null, actor uuid, actor_kind text not null, request text not null,
  action text not null, kind text not null, subject uuid, object uuid, reason text not null,
  prev bytea not null, hash bytea not null
);
create index if not exists audit_subject on wall.audit (subject, at);

-- Since the second form of a line: the sign-in it happened in (a short digest, no token), and by
-- which relations the reader held the kind then. Older lines have neither and keep their hash.
alter table wall.audit add column if not exists session text;
alter table wall.audit add column if not exists under text;
create index if not exists audit_subject_seq on wall.audit (subject, seq);
create index if not exists audit_actor_seq on wall.audit (actor, seq);
create index if not exists audit_kind_seq on wall.audit (kind, seq);
create index if not exists audit_action_seq on wall.audit (action, seq);
create index if not exists audit_at on wall.audit (at, seq);

-- One chain, appended under a lock that is held until the commit.
create or replace function wall.append_audit(lines jsonb) returns void
  language plpgsql security definer set search_path = pg_catalog, wall as $$
declare
  line jsonb; last bigint; before bytea; this bytea; moment timestamptz; who uuid; what text;
  inside text; held text;
begin
  perform pg_advisory_xact_lock(7201, 1);
  select seq, hash into last, before from wall.audit order by seq desc limit 1;
  if last is null then last := 0; before := sha256(convert_to('mutual', 'UTF8')); end if;
  who := wall.actor();
  what := coalesce(wall.actor_kind(), 'nobody');
  if what in ('person', 'staff') then
    inside := left(encode(sha256(wall.token_hash() || convert_to('audit', 'UTF8')), 'hex'), 12);
  end if;
  for line in select * from jsonb_array_elements(lines) loop
    last := last + 1;
    moment := clock_timestamp();
    held := null;
    if what = 'staff' and line ->> 'subject' is not null and line ->> 'action' <> 'refused' then
      held := wall.held_under(who, line ->> 'kind', (line ->> 'subject')::uuid);
    end if;
    this := wall.audit_hash(before, last, moment, who, what, line ->> 'request',
      line ->> 'action', line ->> 'kind', (line ->> 'subject')::uuid,
      (line ->> 'object')::uuid, line ->> 'reason', inside, held);
    insert into wall.audit (seq, at, actor, actor_kind, request, action, kind, subject, object,
                            reason, prev, hash, session, under)
    values (last, moment, who, what, coalesce(line ->> 'request', ''),
      line ->> 'action', coalesce(line ->> 'kind', ''), (line ->> 'subject')::uuid,
      (line ->> 'object')::uuid, coalesce(line ->> 'reason', ''), before, this, inside, held);
    before := this;
  end loop;
end $$;
-- By which relations somebody holds a kind about a subject now; null for none. Never callable
-- by the application: it asks about whomever it is told.
create or replace function wall.held_under(who uuid, what text, whose uuid) returns text
  language plpgsql stable security definer set search_path = pg_catalog, wall, public as $$
begin
  return (
    select string_agg(distinct r.relation, ' ' order by r.relation)
      from wall.access_grant g join public.wall_relation r on r.id = g.relation_id
     where g.viewer_id = who and (g.subject_id = whose or g.subject_id is null)
       and g.category = any (array[what, what || '.facts', what || '.extract', what || '.author',
                                   what || '.write', what || '.submit'])
       and g.during @> clock_timestamp());
end $$;
create or replace function wall.audit_hash(before bytea, seq bigint, at timestamptz, actor uuid,
    actor_kind text, request text, action text, kind text, subject uuid, object uuid, reason text,
    session text, under text)
  returns bytea language sql immutable set search_path = pg_catalog
begin atomic
  -- A zero byte stands in no text: what follows it can't have been a part of the reason.
  select sha256(before || convert_to(concat_ws('|', seq::text,
    (extract(epoch from at) * 1000000)::bigint::text, coalesce(actor::text, ''), actor_kind,
    coalesce(request, ''), action, coalesce(kind, ''), coalesce(subject::text, ''),
    coalesce(object::text, ''), coalesce(reason, '')), 'UTF8')
    || case when session is null then '' else '\x00'::bytea || convert_to(session, 'UTF8') end
    || case when under is null then '' else '\x0000'::bytea || convert_to(under, 'UTF8') end);
end;
create or replace function wall.audit_first_bad() returns bigint
  language sql stable security definer set search_path = pg_catalog, wall
begin atomic
  select min(seq) from (
    select seq, hash, prev,
      lag(hash, 1, sha256(convert_to('mutual', 'UTF8'))) over (order by seq) as before,
      row_number() over (order by seq) as place,
      wall.audit_hash(prev, seq, at, actor, actor_kind, request, action, kind, subject, object,
                      reason, session, under) as should
      from wall.audit) chain
   where chain.prev is distinct from chain.before or chain.hash is distinct from chain.should
      or chain.seq <> chain.place;
end;
drop function if exists wall.audit_hash(
  bytea, bigint, timestamptz, uuid, text, text, text, text, uuid, uuid, text);
create or replace function wall.no_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'insufficient_privilege';
end $$;
create or replace trigger audit_append_only before update or delete or truncate on wall.audit
  for each statement execute function wall.no_change();

create or replace function wall.audit_head() returns table (seq bigint, hash bytea)
  language sql stable security definer set search_path = pg_catalog, wall
begin atomic
  select a.seq, a.hash from wall.audit a
   where (select wall.everyone('audit_trail.facts')) order by a.seq desc limit 1;
end;
