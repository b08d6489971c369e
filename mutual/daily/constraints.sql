-- A half is one's own: nobody hands in the other's, and only the services join the two
-- (C-49, C-50). Restrictive policies stand beside those made from the access table.
drop policy if exists own_half on public.daily_trusttick;
create policy own_half on public.daily_trusttick as restrictive for insert to mutual_app
  with check (person_id = (select wall.actor()));

drop policy if exists joined_only on public.daily_trustday;
create policy joined_only on public.daily_trustday as restrictive for insert to mutual_app
  with check ((select wall.everyone('trust_discussion.write')));

drop policy if exists joined_only on public.daily_partday;
create policy joined_only on public.daily_partday as restrictive for insert to mutual_app
  with check ((select wall.everyone('recovery_contract.write')));
drop policy if exists joined_only_update on public.daily_partday;
create policy joined_only_update on public.daily_partday as restrictive for update to mutual_app
  using ((select wall.everyone('recovery_contract.write')));

drop policy if exists joined_only on public.daily_contractpart;
create policy joined_only on public.daily_contractpart as restrictive for insert to mutual_app
  with check ((select wall.everyone('recovery_contract.write')));
drop policy if exists joined_only_update on public.daily_contractpart;
create policy joined_only_update on public.daily_contractpart as restrictive for update to mutual_app
  using ((select wall.everyone('recovery_contract.write')));

-- One's own consent to a part is given and taken back by oneself; the own counselor and the
-- service only end the time in which the other's tile stays.
drop policy if exists own_half on public.daily_partconsent;
create policy own_half on public.daily_partconsent as restrictive for insert to mutual_app
  with check (person_id = (select wall.actor()));

-- Thanks are said in one's own name.
drop policy if exists own_name on public.daily_gratitude;
create policy own_name on public.daily_gratitude as restrictive for insert to mutual_app
  with check (person_id = (select wall.actor()));
drop policy if exists own_name_update on public.daily_gratitude;
create policy own_name_update on public.daily_gratitude as restrictive for update to mutual_app
  using (person_id = (select wall.actor()));

-- An agreement is proposed in one's own name and stays in the words that both said yes to; a yes
-- is one's own and is not taken back: the agreement is let go instead.
drop policy if exists own_name on public.daily_agreement;
create policy own_name on public.daily_agreement as restrictive for insert to mutual_app
  with check (author_id = (select wall.actor()));
drop policy if exists own_yes on public.daily_agreementyes;
create policy own_yes on public.daily_agreementyes as restrictive for insert to mutual_app
  with check (person_id = (select wall.actor()));
drop policy if exists own_yes_update on public.daily_agreementyes;
create policy own_yes_update on public.daily_agreementyes as restrictive for update to mutual_app
  using (false);
create or replace function public.daily_agreement_words() returns trigger language plpgsql as $$
begin
  if old.stands_on is not null
    and (new.words, new.author_id, new.couple_id) is distinct from
      (old.words, old.author_id, old.couple_id) then
    raise exception 'an agreement that stands keeps its words: let it go and make another'
      using errcode = 'MU071';
  end if;
  return new;
end $$;
create or replace trigger agreement_words before update on public.daily_agreement
  for each row execute function public.daily_agreement_words();

-- What was sent stays as it was sent, and nothing moves between the threads (P-55).
drop policy if exists sent on public.daily_ownmessage;
create policy sent on public.daily_ownmessage as restrictive for update to mutual_app using (false);
drop policy if exists sent on public.daily_couplemessage;
create policy sent on public.daily_couplemessage as restrictive for update to mutual_app using (false);

-- A hidden parent is refused like an absent one (house.md): composite references.
do $$ begin
  if not exists (select from pg_constraint where conname = 'checkin_body_of_person') then
    alter table public.daily_checkinbody add constraint checkin_body_of_person
      foreign key (person_id, checkin_id) references public.daily_checkin (person_id, id);
  end if;
  if not exists (select from pg_constraint where conname = 'yes_of_agreement') then
    alter table public.daily_agreementyes add constraint yes_of_agreement
      foreign key (couple_id, agreement_id) references public.daily_agreement (couple_id, id);
  end if;
  if not exists (select from pg_constraint where conname = 'part_of_contract') then
    alter table public.daily_contractpart add constraint part_of_contract
      foreign key (couple_id, contract_id)
      references public.daily_recoverycontract (couple_id, id);
  end if;
end $$;

-- A finished worksheet stays as it was finished; the next one is a new row.
create or replace function public.daily_worksheet_finished() returns trigger language plpgsql as $$
begin
  if old.finished_at is not null then
    raise exception 'a finished worksheet is not changed' using errcode = 'check_violation';
  end if;
  return new;
end $$;
create or replace trigger worksheet_finished before update on public.daily_worksheet
  for each row execute function public.daily_worksheet_finished();
