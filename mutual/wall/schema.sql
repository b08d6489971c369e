-- The wall inside the database: sessions, grants, rules (the audit: audit.sql). Run by the
-- owner at each `mutual migrate`; every statement may be repeated. The application's role has
-- no right on these tables; it may call the functions that are granted to it at the end, and no
-- others.
create schema if not exists wall;
revoke all on schema wall from public;

create table if not exists wall.secret (name text primary key, value bytea not null);
create table if not exists wall.session (
  token_hash bytea primary key,
  actor uuid not null,
  kind text not null check (kind in ('person', 'staff', 'service')),
  opened timestamptz not null default now(),
  expires timestamptz not null
);
create index if not exists session_actor on wall.session (actor);
create table if not exists wall.rule (
  relation text not null, subject_of text not null, category text not null,
  consent text not null default '', joint boolean not null default false,
  primary key (relation, subject_of, category, consent, joint)
);
create table if not exists wall.access_grant (
  viewer_id uuid not null, subject_id uuid, category text not null,
  reason text not null, relation_id uuid not null, during tstzrange not null
);
create index if not exists access_grant_lookup
  on wall.access_grant (viewer_id, category) include (subject_id, during);
create index if not exists access_grant_relation on wall.access_grant (relation_id);

-- Written for speed, as every statement asks: no SET and no owner on this one, so that it is
-- inlined; its body was bound to its functions when it was made, whatever the search path is.
create or replace function wall.token_hash() returns bytea
  language sql stable parallel safe
begin atomic
  select sha256(convert_to(coalesce(nullif(current_setting('app.token', true), ''), '-'), 'UTF8'));
end;
create or replace function wall.actor() returns uuid
  language sql stable parallel safe security definer set search_path = pg_catalog, wall
begin atomic
  select s.actor from wall.session s
   where s.token_hash = (select wall.token_hash()) and s.expires > statement_timestamp();
end;
create or replace function wall.actor_kind() returns text
  language sql stable parallel safe security definer set search_path = pg_catalog, wall
begin atomic
  select s.kind from wall.session s
   where s.token_hash = (select wall.token_hash()) and s.expires > statement_timestamp();
end;
create or replace function wall.is_staff() returns boolean
  language sql stable parallel safe security definer set search_path = pg_catalog, wall
begin atomic
  select exists (select from wall.session s
   where s.token_hash = (select wall.token_hash()) and s.expires > statement_timestamp()
     and s.kind in ('staff', 'service'));
end;
create or replace function wall.subjects(c text) returns uuid[]
  language sql stable parallel safe security definer set search_path = pg_catalog, wall
begin atomic
  select coalesce(array_agg(distinct subject_id), '{}') from wall.access_grant
   where viewer_id = (select s.actor from wall.session s
                       where s.token_hash = (select wall.token_hash())
                         and s.expires > statement_timestamp())
     and category = c and subject_id is not null and during @> statement_timestamp();
end;
create or replace function wall.subjects_any(c text[]) returns uuid[]
  language sql stable parallel safe security definer set search_path = pg_catalog, wall
begin atomic
  select coalesce(array_agg(distinct subject_id), '{}') from wall.access_grant
   where viewer_id = (select s.actor from wall.session s
                       where s.token_hash = (select wall.token_hash())
                         and s.expires > statement_timestamp())
     and category = any(c) and subject_id is not null and during @> statement_timestamp();
end;
-- For tables that hold several kinds: value of the separating column beside subject, a set that
-- a statement hashes once. One walk of the index for all categories, no join.
create or replace function wall.pair_rows(c text[], v text[]) returns table (value text, subject uuid)
  language sql stable parallel safe security definer set search_path = pg_catalog, wall
  rows 200
begin atomic
  select v[array_position(c, g.category)], g.subject_id from wall.access_grant g
   where g.viewer_id = (select s.actor from wall.session s
                         where s.token_hash = (select wall.token_hash())
                           and s.expires > statement_timestamp())
     and g.category = any(c) and g.subject_id is not null and g.during @> statement_timestamp();
end;
create or replace function wall.wide(c text[], v text[]) returns text[]
  language sql stable parallel safe security definer set search_path = pg_catalog, wall
begin atomic
  select coalesce(array_agg(distinct v[array_position(c, g.category)]), '{}')
    from wall.access_grant g
   where g.viewer_id = (select s.actor from wall.session s
                         where s.token_hash = (select wall.token_hash())
                           and s.expires > statement_timestamp())
     and g.category = any(c) and g.subject_id is null and g.during @> statement_timestamp();
end;
create or replace function wall.everyone(c text) returns boolean
  language sql stable parallel safe security definer set search_path = pg_catalog, wall
begin atomic
  select exists (select from wall.access_grant
   where viewer_id = (select s.actor from wall.session s
                       where s.token_hash = (select wall.token_hash())
                         and s.expires > statement_timestamp())
     and category = c and subject_id is null and during @> statement_timestamp());
end;
-- Whom the actor stands in any relation to: every subject of a grant, and perhaps more. It opens
-- nothing; a query narrows itself with it where the kinds are told apart row by row.
create or replace function wall.related() returns uuid[]
  language plpgsql stable parallel safe security definer set search_path = pg_catalog, wall as $$
begin
  return (select coalesce(array_agg(distinct r.subject_id), '{}') from public.wall_relation r
    where r.viewer_id = (select s.actor from wall.session s
                          where s.token_hash = (select wall.token_hash())
                            and s.expires > statement_timestamp())
      and r.subject_id is not null and r.valid @> statement_timestamp());
end $$;

create or replace function wall.close_session() returns void
  language sql security definer set search_path = pg_catalog, wall
begin atomic
  delete from wall.session where token_hash = (select wall.token_hash()) and kind <> 'service';
end;
create or replace function wall.begin(token text,
    out actor uuid, out kind text, out roles text[])
  language plpgsql security definer set search_path = pg_catalog, wall as $$
begin
  perform set_config('app.token', coalesce(token, ''), true);
  actor := wall.actor();
  kind := wall.actor_kind();
  roles := coalesce((select array_agg(distinct r.relation) from public.wall_relation r
    where r.viewer_id = "begin".actor and r.subject_id is null
      and r.valid @> statement_timestamp()), '{}');
end $$;
