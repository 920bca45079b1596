"""Functions of the kernel that live in the database."""

FUNCTIONS = r"""
create or replace function kernel_refuse() returns trigger language plpgsql as $$
begin
  raise exception 'append-only: % on % is refused', tg_op, tg_table_name using errcode = '23514';
end $$;

create or replace function kernel_flow() returns trigger language plpgsql as $$
begin
  if not (old.state || '>' || new.state) = any (string_to_array(tg_argv[0], ',')) then
    raise exception 'flow of % does not allow % to become %', tg_table_name, old.state, new.state
      using errcode = '23514';
  end if;
  return new;
end $$;

create or replace function kernel_audit() returns trigger language plpgsql security definer
  set search_path = public, pg_temp as $$
declare
  gone jsonb; come jsonb; was jsonb; becomes jsonb;
begin
  if tg_op = 'INSERT' then
    insert into kernel_change (tenant_id, table_name, object_id, op, at, actor_id, action)
    values (new.tenant_id, tg_argv[0], new.id, 'I', now(),
            nullif(current_setting('app.actor', true), '')::bigint, coalesce(current_setting('app.action', true), ''));
    return null;
  end if;
  was := to_jsonb(old);
  if tg_op = 'UPDATE' then
    becomes := to_jsonb(new);
    select jsonb_object_agg(o.key, o.value), jsonb_object_agg(o.key, becomes -> o.key) into gone, come
      from jsonb_each(was) o
     where o.value is distinct from becomes -> o.key and o.key not in ('version', 'updated_at');
    if gone is null then return null; end if;
  else
    gone := was;
  end if;
  insert into kernel_change (tenant_id, table_name, object_id, op, at, actor_id, action, old, new)
  values (old.tenant_id, tg_argv[0], old.id, left(tg_op, 1), now(),
          nullif(current_setting('app.actor', true), '')::bigint, coalesce(current_setting('app.action', true), ''),
          gone, come);
  return null;
end $$;

create or replace function kernel_open_tenant(new_code text, new_name text) returns bigint language sql
  security definer set search_path = public, pg_temp as $$
  insert into kernel_tenant (code, name, time_zone, settings, active, created_at)
  values (new_code, new_name, 'Asia/Shanghai', '{}', true, now()) returning id;
$$;

create or replace function kernel_tenant_id(wanted text) returns bigint language sql stable
  security definer set search_path = public, pg_temp as $$
  select id from kernel_tenant where code = wanted and active;
$$;

create or replace function kernel_tenant_known(wanted bigint) returns text language sql stable
  security definer set search_path = public, pg_temp as $$
  select coalesce((select id::text from kernel_tenant where id = wanted), '');
$$;

create or replace function kernel_supported() returns bigint language sql stable as $$
  select null::bigint;
$$;

create or replace function kernel_tenant_ids() returns setof bigint language sql stable
  security definer set search_path = public, pg_temp as $$
  select id from kernel_tenant where active order by id;
$$;
"""
