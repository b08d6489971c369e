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
