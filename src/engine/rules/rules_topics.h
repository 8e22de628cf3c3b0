#ifndef ENGINE_RULES_TOPICS_H
#define ENGINE_RULES_TOPICS_H

/* The functions behind the rows of the table; private to engine/rules*.c. */

struct check;

void check_problems(struct check *c);       /* rules_input.c */
void check_silence_reason(struct check *c); /* rules_settings.c */
void check_setting_words(struct check *c);
void check_unused_silence(struct check *c);
void check_two_names(struct check *c); /* rules_identities.c */
void check_unnamed_people(struct check *c);
void check_disputed_grant(struct check *c); /* rules_claims.c */
void check_disputed_role(struct check *c);
void check_disputed_kind(struct check *c);
void check_omitted_grant(struct check *c); /* rules_omissions.c */
void check_right_without_role(struct check *c);
void check_omitted_reader(struct check *c); /* rules_lists.c */
void check_hidden_writer(struct check *c);
void check_listed_without_right(struct check *c);
void check_role_on_wrong_scope(struct check *c); /* rules_grants.c */
void check_role_lacks_purpose(struct check *c);  /* rules_purpose.c */
void check_redundant_grant(struct check *c);
void check_unused_reader(struct check *c); /* rules_usage.c */
void check_storage_keys(struct check *c);
void check_standing_admin(struct check *c);
void check_disabled_holder(struct check *c);
void check_two_models(struct check *c); /* rules_vaults.c */
void check_void_grant(struct check *c);
void check_vault_policies(struct check *c);
void check_vault_purge(struct check *c);
void check_vault_public(struct check *c);
void check_readable_credential(struct check *c); /* rules_credentials.c */
void check_own_credential(struct check *c);
void check_no_expiry(struct check *c); /* rules_expiry.c */
void check_expired(struct check *c);
void check_expiring(struct check *c);
void check_long_lived(struct check *c);
void check_owner_rule(struct check *c); /* rules_ownership.c */
void check_owner_law(struct check *c);
void check_sole_owner(struct check *c);
void check_needed_role(struct check *c);
void check_role_above_need(struct check *c);
void check_open_connection(struct check *c); /* rules_connections.c */
void check_static_connection(struct check *c);
void check_unbacked_connection(struct check *c);
void check_missed_sink(struct check *c); /* rules_rotation.c */
void check_unverified_sink(struct check *c);
void check_unplanned_rotation(struct check *c);
void check_assignment_limit(struct check *c); /* rules_limits.c */
void check_role_limit(struct check *c);
void check_condition_limit(struct check *c);

#endif
