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
  if not exists (select from pg_constraint where conname = 'part_of_contract') then
    alter table public.daily_contractpart add constraint part_of_contract
      foreign key (couple_id, contract_id)
      references public.daily_recoverycontract (couple_id, id);
  end if;
end $$;
