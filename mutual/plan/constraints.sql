-- A signature is one's own, also for those who may write the plan (C-64).
drop policy if exists own_signature on public.plan_individualsignature;
create policy own_signature on public.plan_individualsignature as restrictive for insert
  to mutual_app with check (signer_id = (select wall.actor()));
drop policy if exists own_signature on public.plan_couplesignature;
create policy own_signature on public.plan_couplesignature as restrictive for insert
  to mutual_app with check (signer_id = (select wall.actor()));
-- A partner sees the own answer under the couple's plan, never the other's (P-48, P-54, C-67).
drop policy if exists own_answer on public.plan_couplesignature;
create policy own_answer on public.plan_couplesignature as restrictive for select
  to mutual_app using (signer_id = (select wall.actor()) or (select wall.is_staff()));
drop policy if exists own_answer on public.plan_individualsignature;
create policy own_answer on public.plan_individualsignature as restrictive for select
  to mutual_app using (person_id = (select wall.actor()) or (select wall.is_staff()));

-- A row or signature lies in the chart of its plan: a hidden plan is refused like an absent one.
create unique index if not exists individualplan_chart
  on public.plan_individualplan (id, person_id);
create unique index if not exists coupleplan_chart on public.plan_coupleplan (id, couple_id);
do $$
declare
  item record;
begin
  for item in select * from (values
    ('plan_individualobjective', 'plan_id, person_id', 'plan_individualplan', 'id, person_id'),
    ('plan_individualsignature', 'plan_id, person_id', 'plan_individualplan', 'id, person_id'),
    ('plan_coupleobjective', 'plan_id, couple_id', 'plan_coupleplan', 'id, couple_id'),
    ('plan_couplesignature', 'plan_id, couple_id', 'plan_coupleplan', 'id, couple_id')
  ) as t (child, columns, parent, keys)
  loop
    if not exists (select from pg_constraint where conname = item.child || '_chart') then
      execute format('alter table public.%I add constraint %I foreign key (%s)'
        ' references public.%I (%s)', item.child, item.child || '_chart', item.columns,
        item.parent, item.keys);
    end if;
  end loop;
end $$;

-- A signature is never changed or taken back (C-64, C-67).
create or replace function public.plan_signature_is_closed() returns trigger
language plpgsql as $$
begin
  raise exception 'a signature is closed: sign the next revision' using errcode = 'MU064';
end $$;
create or replace trigger individual_signature_closed before update or delete
  on public.plan_individualsignature
  for each row execute function public.plan_signature_is_closed();
create or replace trigger couple_signature_closed before update or delete
  on public.plan_couplesignature
  for each row execute function public.plan_signature_is_closed();
