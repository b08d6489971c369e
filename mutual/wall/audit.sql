-- The audit trail: one chain, append-only for every role (P-88, P-89). Run by the owner right
-- after schema.sql; every statement may be repeated.
create table if not exists wall.audit (
  seq bigint primary key,
  at timestamptz not null, actor uuid, actor_kind text not null, request text not null,
  action text not null, kind text not null, subject uuid, object uuid, reason text not null,
  prev bytea not null, hash bytea not null
);
create index if not exists audit_subject on wall.audit (subject, at);

-- One chain, appended under a lock that is held until the commit.
create or replace function wall.append_audit(lines jsonb) returns void
  language plpgsql security definer set search_path = pg_catalog, wall as $$
declare
  line jsonb; last bigint; before bytea; this bytea; moment timestamptz; who uuid; what text;
begin
  perform pg_advisory_xact_lock(7201, 1);
  select seq, hash into last, before from wall.audit order by seq desc limit 1;
  if last is null then last := 0; before := sha256(convert_to('mutual', 'UTF8')); end if;
  who := wall.actor();
  what := coalesce(wall.actor_kind(), 'nobody');
  for line in select * from jsonb_array_elements(lines) loop
    last := last + 1;
    moment := clock_timestamp();
    this := wall.audit_hash(before, last, moment, who, what, line ->> 'request',
      line ->> 'action', line ->> 'kind', (line ->> 'subject')::uuid,
      (line ->> 'object')::uuid, line ->> 'reason');
    insert into wall.audit values (last, moment, who, what, coalesce(line ->> 'request', ''),
      line ->> 'action', coalesce(line ->> 'kind', ''), (line ->> 'subject')::uuid,
      (line ->> 'object')::uuid, coalesce(line ->> 'reason', ''), before, this);
    before := this;
  end loop;
end $$;
create or replace function wall.audit_hash(before bytea, seq bigint, at timestamptz, actor uuid,
    actor_kind text, request text, action text, kind text, subject uuid, object uuid, reason text)
  returns bytea language sql immutable set search_path = pg_catalog
begin atomic
  select sha256(before || convert_to(concat_ws('|', seq::text,
    (extract(epoch from at) * 1000000)::bigint::text, coalesce(actor::text, ''), actor_kind,
    coalesce(request, ''), action, coalesce(kind, ''), coalesce(subject::text, ''),
    coalesce(object::text, ''), coalesce(reason, '')), 'UTF8'));
end;
create or replace function wall.audit_first_bad() returns bigint
  language sql stable security definer set search_path = pg_catalog, wall
begin atomic
  select min(seq) from (
    select seq, hash, prev,
      lag(hash, 1, sha256(convert_to('mutual', 'UTF8'))) over (order by seq) as before,
      row_number() over (order by seq) as place,
      wall.audit_hash(prev, seq, at, actor, actor_kind, request, action, kind, subject, object,
                      reason) as should
      from wall.audit) chain
   where chain.prev is distinct from chain.before or chain.hash is distinct from chain.should
      or chain.seq <> chain.place;
end;
create or replace function wall.no_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'insufficient_privilege';
end $$;
create or replace trigger audit_append_only before update or delete or truncate on wall.audit
  for each statement execute function wall.no_change();

create or replace function wall.audit_last(amount integer) returns table (
    at timestamptz, actor uuid, action text, kind text, subject uuid, object uuid, reason text)
  language sql stable security definer set search_path = pg_catalog, wall
begin atomic
  select a.at, a.actor, a.action, a.kind, a.subject, a.object, a.reason from wall.audit a
   where (select wall.everyone('audit_trail')) order by a.seq desc limit least(amount, 500);
end;
create or replace function wall.audit_head() returns table (seq bigint, hash bytea)
  language sql stable security definer set search_path = pg_catalog, wall
begin atomic
  select a.seq, a.hash from wall.audit a
   where (select wall.everyone('audit_trail.facts')) order by a.seq desc limit 1;
end;
