#include "api/arm/vaults.h"

enum { NAME_LEAST = 3, NAME_MOST = 24 };

bool
arm_vault_name_is_valid(struct slice name)
{
	char last = '-';

	if (name.length < NAME_LEAST || name.length > NAME_MOST ||
	    ascii_lower(name.at[0]) < 'a' || ascii_lower(name.at[0]) > 'z')
		return false;
	for (size_t i = 0; i < name.length; i++) {
		char low = ascii_lower(name.at[i]);
		bool letter = low >= 'a' && low <= 'z';

		if (!letter && !(low >= '0' && low <= '9') &&
		    (low != '-' || last == '-'))
			return false;
		last = low;
	}
	return last != '-';
}
