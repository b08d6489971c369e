-- B-47: what a payer said stays as it came; a newer answer stands beside it.
create or replace function public.coverage_answer_is_closed() returns trigger
language plpgsql as $$
begin
  raise exception 'a payer''s answer is kept as it came: import the new one beside it'
    using errcode = 'MU047';
end $$;
create or replace trigger answer_closed before update or delete on public.coverage_benefitanswer
  for each row execute function public.coverage_answer_is_closed();
