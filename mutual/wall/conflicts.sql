-- Conflicts of interest (P-6): whom a member of staff may see nothing of, in no role. Run by the
-- owner after schema.sql; every statement may be repeated. The rows are written by the trigger of
-- the privacy room's declarations and can't be read by the application's role: who declared a
-- conflict doesn't learn from it whether that person is known here.
create table if not exists wall.conflict (
  viewer_id uuid not null, subject_id uuid not null, primary key (viewer_id, subject_id)
);

-- The subjects that the actor may see nothing of; empty for nearly everybody.
create or replace function wall.conflicts() returns uuid[]
  language sql stable parallel safe security definer set search_path = pg_catalog, wall
begin atomic
  select coalesce(array_agg(subject_id), '{}') from wall.conflict
   where viewer_id = (select wall.actor());
end;
-- The grant on everybody with its exceptions: null without such a grant, else the subjects it
-- does not hold for. `(subject = any(...)) is false` is then the whole condition.
create or replace function wall.everyone_but(c text[]) returns uuid[]
  language sql stable parallel safe security definer set search_path = pg_catalog, wall
begin atomic
  select coalesce((select array_agg(x.subject_id) from wall.conflict x
                    where x.viewer_id = who.actor), '{}')
    from wall.session who
   where who.token_hash = (select wall.token_hash()) and who.expires > statement_timestamp()
     and exists (select from wall.access_grant g
                  where g.viewer_id = who.actor and g.category = any(c) and g.subject_id is null
                    and g.during @> statement_timestamp());
end;
create or replace function wall.everyone_but(c text) returns uuid[]
  language sql stable parallel safe security definer set search_path = pg_catalog, wall
begin atomic
  select wall.everyone_but(array[c]);
end;
-- Which of these categories the actor holds on which of these subjects; one walk of the index.
create or replace function wall.held(whose uuid[], c text[])
  returns table (subject uuid, category text)
  language sql stable parallel safe security definer set search_path = pg_catalog, wall
begin atomic
  with mine as materialized (
    select g.subject_id, g.category from wall.access_grant g
     where g.viewer_id = (select wall.actor()) and g.category = any(c)
       and (g.subject_id is null or g.subject_id = any(whose))
       and g.during @> statement_timestamp())
  select m.subject_id, m.category from mine m where m.subject_id is not null
  union
  select w.id, m.category from mine m, unnest(whose) as w(id)
   where m.subject_id is null and w.id <> all ((select wall.conflicts())::uuid[]);
end;
