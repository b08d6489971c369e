-- For the tables that are read most and hold several kinds: what a viewer may see of each person,
-- couple or group as one mask of bits, so that a row policy costs an array element and an `and` a
-- row instead of a search for (kind, subject). Run by the owner after conflicts.sql; every
-- statement may be repeated. The masks follow the grants by trigger, in the same transaction, and
-- the application's role can read none of these tables.

-- A small number for each subject, its place in the arrays. It never leaves the database.
create table if not exists wall.numbered (
  id uuid primary key, no integer not null unique generated always as identity
);
-- The bit of each kind of a table. Rows carry it, so a bit once given is never given anew.
create table if not exists wall.kind_bit (
  bundle text not null, value text not null, bit integer not null,
  primary key (bundle, value), unique (bundle, bit)
);
-- Which bits a category of grants sets: the kind's own to read, the same 16 higher for what one
-- reads as its author alone.
create table if not exists wall.opens (
  bundle text not null, category text not null, mask integer not null,
  primary key (bundle, category)
);
create table if not exists wall.mask (
  viewer_id uuid not null, bundle text not null, whose integer, mask integer not null,
  relation_id uuid not null, during tstzrange not null
);
create index if not exists mask_lookup on wall.mask (viewer_id, bundle)
  include (whose, mask, during);
create index if not exists mask_relation on wall.mask (relation_id);

create or replace function wall.number_of(subject uuid) returns integer
  language plpgsql strict security definer set search_path = pg_catalog, wall as $$
declare found integer;
begin
  select no into found from wall.numbered where id = subject;
  if found is null then
    insert into wall.numbered (id) values (subject) on conflict (id) do nothing;
    select no into strict found from wall.numbered where id = subject;
  end if;
  return found;
end $$;

-- A row's number and bit are the database's alone: whatever was sent is overwritten.
create or replace function wall.seat() returns trigger
  language plpgsql security definer set search_path = pg_catalog, wall as $$
begin
  new.whose := wall.number_of(new.subject_id);
  select k.bit into strict new.bit from wall.kind_bit k
   where k.bundle = tg_table_name and k.value = new.kind;
  return new;
end $$;

create or replace function wall.remask(relations uuid[]) returns void
  language plpgsql security definer set search_path = pg_catalog, wall as $$
begin
  delete from wall.mask where relation_id = any(relations);
  insert into wall.mask (viewer_id, bundle, whose, mask, relation_id, during)
  select g.viewer_id, g.bundle, wall.number_of(g.subject_id), g.mask, g.relation_id, g.during
    from (select a.viewer_id, o.bundle, a.subject_id, bit_or(o.mask) as mask, a.relation_id, a.during
            from wall.access_grant a join wall.opens o on o.category = a.category
           where a.relation_id = any(relations)
           group by a.viewer_id, o.bundle, a.subject_id, a.relation_id, a.during) g;
end $$;
create or replace function wall.grants_masked() returns trigger
  language plpgsql security definer set search_path = pg_catalog, wall as $$
begin
  perform wall.remask(array(select distinct relation_id from changed));
  return null;
end $$;
create or replace trigger masks_more after insert on wall.access_grant
  referencing new table as changed for each statement execute function wall.grants_masked();
create or replace trigger masks_less after delete on wall.access_grant
  referencing old table as changed for each statement execute function wall.grants_masked();
-- Grants are deleted and written anew, never changed: so nothing has to follow a change.
create or replace function wall.grants_stay() returns trigger
  language plpgsql set search_path = pg_catalog as $$
begin
  raise exception 'a grant is taken back and written anew';
end $$;
create or replace trigger grants_stay before update or truncate on wall.access_grant
  for each statement execute function wall.grants_stay();

-- The actor's masks for a table, by number of subject; null for nobody. A grant on everybody
-- fills the array, less those of a conflict of interest (P-6).
create or replace function wall.masks(b text) returns integer[]
  language plpgsql stable parallel safe security definer set search_path = pg_catalog, wall as $$
declare
  one record; answer integer[]; wide integer := 0;
begin
  for one in
    select m.whose, m.mask from wall.mask m
     where m.viewer_id = (select s.actor from wall.session s
                           where s.token_hash = (select wall.token_hash())
                             and s.expires > statement_timestamp())
       and m.bundle = b and m.during @> statement_timestamp()
     order by m.whose desc nulls first
  loop
    if one.whose is null then
      wide := wide | one.mask;
      continue;
    end if;
    if answer is null then
      answer := case when wide = 0 then array_fill(0, array[one.whose]) else wall.wide_mask(wide) end;
    end if;
    answer[one.whose] := answer[one.whose] | one.mask;
  end loop;
  if answer is null and wide <> 0 then
    answer := wall.wide_mask(wide);
  end if;
  return answer;
end $$;
create or replace function wall.wide_mask(mask integer) returns integer[]
  language plpgsql stable parallel safe security definer set search_path = pg_catalog, wall as $$
declare
  answer integer[]; but integer;
begin
  -- A few more: a statement may number the subject of the very row it writes.
  answer := array_fill(mask, array[coalesce((select max(no) from wall.numbered), 0) + 16]);
  for but in select n.no from wall.numbered n where n.id = any(wall.conflicts()) loop
    answer[but] := 0;
  end loop;
  return answer;
end $$;
