-- Sessions end: after 15 idle minutes, after 12 hours at most, or at once by whoever may end them
-- (P-84, P-86). Run by the owner right after audit.sql; every statement may be repeated.
alter table wall.session add column if not exists ends timestamptz;

-- A session is opened only with a proof that the sign-in code alone can make.
create or replace function wall.open_session(
  who uuid, what text, hash bytea, until timestamptz, proof bytea) returns void
  language plpgsql security definer set search_path = pg_catalog, wall as $$
begin
  if proof is distinct from sha256((select value from wall.secret where name = 'sign_in')
      || convert_to(who::text || what || encode(hash, 'hex')
      || extract(epoch from until)::bigint::text, 'UTF8')) then
    raise exception 'sign-in refused' using errcode = 'insufficient_privilege';
  end if;
  insert into wall.session (token_hash, actor, kind, expires, ends)
  values (hash, who, what, least(until, statement_timestamp() + interval '15 minutes'), until);
end $$;

-- Activity: the idle end moves on, never past the hard end; one write in 30 seconds at most, and
-- a second request never waits for the first to write it.
create or replace function wall.touch_session() returns void
  language sql security definer set search_path = pg_catalog, wall
begin atomic
  update wall.session s set expires = least(s.ends, statement_timestamp() + interval '15 minutes')
   where s.token_hash in (
     select t.token_hash from wall.session t
      where t.token_hash = (select wall.token_hash()) and t.kind <> 'service'
        and t.expires > statement_timestamp()
        and t.expires < least(t.ends, statement_timestamp() + interval '14 minutes 30 seconds')
        for update skip locked);
end;

-- As wall.begin, for a request that somebody made: that is activity. What an open page asks by
-- itself (its socket) begins with wall.begin and keeps nobody signed in.
create or replace function wall.begin_active(token text,
    out actor uuid, out kind text, out roles text[])
  language plpgsql security definer set search_path = pg_catalog, wall as $$
begin
  select b.actor, b.kind, b.roles into actor, kind, roles from wall.begin(token) b;
  if actor is not null then perform wall.touch_session(); end if;
end $$;

-- The open sessions of the one who acts, for their own list: which token, since when, and when it
-- was last used.
create or replace function wall.own_sessions()
  returns table (hash bytea, opened timestamptz, used timestamptz)
  language sql stable security definer set search_path = pg_catalog, wall
begin atomic
  select s.token_hash, s.opened, least(s.expires - interval '15 minutes', statement_timestamp())
    from wall.session s
   where s.actor = wall.actor() and s.kind <> 'service' and s.expires > statement_timestamp();
end;

-- End one session by the hash of its token, or all of somebody but one, with the sign-in proof.
create or replace function wall.end_sessions(
  who uuid, hash bytea, but bytea, proof bytea) returns integer
  language plpgsql security definer set search_path = pg_catalog, wall as $$
declare ended integer;
begin
  if proof is distinct from sha256((select value from wall.secret where name = 'sign_in')
      || convert_to('end' || who::text || coalesce(encode(hash, 'hex'), '')
      || coalesce(encode(but, 'hex'), ''), 'UTF8')) then
    raise exception 'sign-in refused' using errcode = 'insufficient_privilege';
  end if;
  delete from wall.session s
   where s.actor = who and s.kind <> 'service'
     and (hash is null or s.token_hash = hash) and (but is null or s.token_hash <> but);
  get diagnostics ended = row_count;
  return ended;
end $$;
