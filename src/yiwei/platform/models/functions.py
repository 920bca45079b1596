"""What an operator may know and do of dealers: narrow functions of the database, each of which asks for an open session.

`app.operator` holds the token of the session. Nothing here gives out a business row; kernel_supported() is the one
question that the policies of all tables of dealers ask when an operator looks in.
"""

FUNCTIONS = r"""
create or replace function platform_operator() returns bigint language sql stable security definer set search_path = public, pg_temp as $$
  select a.id from platform_operatorsession s join platform_administrator a on a.id = s.administrator_id
   where s.digest = encode(sha256(convert_to(current_setting('app.operator', true), 'UTF8')), 'hex')
     and s.ended_at is null and s.started_at > now() - interval '14 days' and a.is_active and not a.must_change;
$$;

create or replace function platform_note(done text, tenant bigint, what text) returns bigint language plpgsql
  security definer set search_path = public, pg_temp as $$
declare
  operator bigint := platform_operator();
begin
  if operator is null then
    raise exception 'no operator of the platform is signed in' using errcode = '42501';
  end if;
  insert into platform_log (at, administrator_id, act, dealer, dealer_code, text)
  values (clock_timestamp(), operator, done, tenant, coalesce((select code from kernel_tenant where id = tenant), ''), left(what, 300));
  return operator;
end $$;

create or replace function kernel_supported() returns bigint language sql stable security definer set search_path = public, pg_temp as $$
  select g.tenant_id from platform_supportgrant g
   where g.tenant_id = nullif(current_setting('app.tenant', true), '')::bigint and g.state = 'active'
     and g.until > clock_timestamp() and platform_operator() is not null limit 1;
$$;

create or replace function platform_dealers() returns table (id bigint, code text, name text, opened_at timestamptz, active boolean,
  employees bigint, sign_ins bigint, last_sign_in timestamptz, storage bigint, granted_until timestamptz)
  language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
  if platform_operator() is null then
    raise exception 'no operator of the platform is signed in' using errcode = '42501';
  end if;
  return query select t.id, t.code::text, t.name::text, t.created_at, t.active,
    (select count(*) from org_employee e where e.tenant_id = t.id and e.state = 'active'),
    (select count(*) from org_user u where u.tenant_id = t.id and u.is_active),
    (select max(u.last_login) from org_user u where u.tenant_id = t.id),
    (select coalesce(sum(f.size), 0)::bigint from kernel_attachment f where f.tenant_id = t.id),
    (select max(g.until) from platform_supportgrant g
      where g.tenant_id = t.id and g.state = 'active' and g.until > clock_timestamp())
    from kernel_tenant t order by t.id;
end $$;

create or replace function platform_administrators(wanted bigint) returns table (username text, name text, last_sign_in timestamptz)
  language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
  if platform_operator() is null then
    raise exception 'no operator of the platform is signed in' using errcode = '42501';
  end if;
  return query select u.username::text, e.name::text, u.last_login from org_user u
    join org_employee e on e.id = u.member_id and e.tenant_id = u.tenant_id
    join org_position p on p.id = e.position_id and p.tenant_id = u.tenant_id
   where u.tenant_id = wanted and e.state = 'active' and p.code = 'tenant_admin' order by u.id;
end $$;

create or replace function platform_suspend(wanted bigint, why text) returns void language plpgsql
  security definer set search_path = public, pg_temp as $$
begin
  perform platform_note('suspend', wanted, why);
  update kernel_tenant set active = false where id = wanted;
end $$;

create or replace function platform_resume(wanted bigint, why text) returns void language plpgsql
  security definer set search_path = public, pg_temp as $$
begin
  perform platform_note('resume', wanted, why);
  update kernel_tenant set active = true where id = wanted;
end $$;

-- A new password for a dealer's administrator. Once anybody of the dealer has signed in it goes by the person's own e-mail
-- or phone, so that the operator never holds the key to a dealer at work; answers with how it goes: shown, email, sms or nowhere.
create or replace function platform_reset(wanted bigint, sign_in text, hash text, message text, told text, sms boolean) returns text
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  person record; way text; operator bigint; operator_name text; was text := current_setting('app.tenant', true);
begin
  select u.id, u.last_login, e.id as member, e.email, e.phone into person from org_user u
    join org_employee e on e.id = u.member_id and e.tenant_id = u.tenant_id
    join org_position p on p.id = e.position_id and p.tenant_id = u.tenant_id
   where u.tenant_id = wanted and u.username = sign_in and e.state = 'active' and p.code = 'tenant_admin' for update of u;
  if not found then
    raise exception 'no administrator of this dealer has this sign-in name' using errcode = '42501';
  end if;
  way := case when not exists (select from org_user u where u.tenant_id = wanted and u.last_login is not null)
                   then 'shown' when person.email <> '' then 'email'
              when person.phone <> '' and sms then 'sms' else 'nowhere' end;
  operator := platform_note('reset', wanted, sign_in || ' · ' || way);
  if way = 'nowhere' then return way; end if;
  update org_user set password = hash, must_change = true, stamp = gen_random_uuid(), totp_secret = '',
    totp_step = 0, recovery = '[]' where id = person.id;
  update org_signinsession set ended_at = now() where tenant_id = wanted and user_id = person.id and ended_at is null;
  if way <> 'shown' then
    insert into kernel_outbox (tenant_id, channel, receiver, template, text, cause, model, state, tries, error, created_at, due_at)
    values (wanted, way, case way when 'email' then person.email else person.phone end, '', message, '', '', 'waiting', 0, '', now(), now());
  end if;
  select name into operator_name from platform_administrator where id = operator;
  insert into kernel_timeline (tenant_id, model, object_id, at, actor_id, actor_name, action, from_state, to_state, text, data)
  values (wanted, 'org.employee', person.member, now(), null, operator_name, 'platform.reset', '', '', '', '{}');
  insert into kernel_notification (tenant_id, member_id, text, model, object_id, at)
  select wanted, e.id, left(told, 300), 'org.employee', person.member, now() from org_employee e
    join org_position p on p.id = e.position_id and p.tenant_id = e.tenant_id
   where e.tenant_id = wanted and e.state = 'active' and p.code in ('tenant_admin', 'general_manager');
  return way;
end $$;

create or replace function platform_enter(wanted bigint, page text) returns table (name text, time_zone text, until timestamptz)
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  operator bigint := platform_operator(); allowed record;
begin
  select g.id, g.until into allowed from platform_supportgrant g
   where g.tenant_id = wanted and g.state = 'active' and g.until > clock_timestamp() order by g.until desc limit 1;
  if operator is null or not found then
    raise exception 'the dealer grants no support now' using errcode = '42501';
  end if;
  insert into platform_supportvisit (tenant_id, grant_id, at, administrator_id, name, page)
  select wanted, allowed.id, clock_timestamp(), a.id, a.name, left(page, 300) from platform_administrator a where a.id = operator;
  return query select t.name::text, t.time_zone::text, allowed.until from kernel_tenant t where t.id = wanted;
end $$;
"""
