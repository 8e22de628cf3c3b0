#ifndef BASE_LIMITS_H
#define BASE_LIMITS_H

/*
 * Every ceiling of the program, in one list. Input that passes one is refused
 * with ACTAS_ELIMIT and a message that names the ceiling.
 */

#define LIMIT_PAGE_BYTES         (64u << 20)  /* an access page */
#define LIMIT_PAGE_PARSE_BYTES   (2ull << 30) /* memory to parse it */
#define LIMIT_PAGE_COLUMNS       1024u /* of one table: parsing is quadratic */
#define LIMIT_PAGE_DEPTH         64u   /* quotes and lists inside each other */
#define LIMIT_PAGE_EDGES         (1u << 20) /* of one diagram, all `&` multiplied */
#define LIMIT_PAGE_EXPANSION     (1u << 20)   /* what "all" and `*` stand for */
#define LIMIT_JSON_ELEMENT_BYTES (16u << 20)  /* one element of a JSON list */
#define LIMIT_JSON_DEPTH         128u         /* lists and objects in JSON */
#define LIMIT_PASTE_BYTES        (1u << 20)   /* a text given to explain */
#define LIMIT_STRING_BYTES       (64u << 10)  /* one name, purpose, condition */
#define LIMIT_STRINGS            (1u << 28)   /* distinct strings */
#define LIMIT_STRING_POOL_BYTES  (4ull << 30) /* all distinct strings */
#define LIMIT_ENTITIES           (1u << 28)   /* rows of one kind */
#define LIMIT_GROUP_PATHS        (1u << 27)   /* pairs of member and group */
#define LIMIT_SCOPE_DEPTH        4096u        /* levels of the scope tree */
#define LIMIT_CONDITION_DEPTH    64u          /* nesting of a condition */
#define LIMIT_BUFFER_BYTES       (2ull << 30) /* one growing text */
#define LIMIT_KEY_BYTES          2048u        /* a key of a platform's state */
#define LIMIT_VALUE_BYTES        (1u << 20)   /* an entity */
#define LIMIT_CHANGE_WRITES      (1u << 20)   /* entities of one change */
#define LIMIT_CHANGES_BYTES      (512u << 20) /* keys and values of one change */
#define LIMIT_QUEUED_CHANGES     65536u       /* waiting for the writer */
#define LIMIT_BATCH_CHANGES      1024u        /* written in one transaction */
#define LIMIT_BATCH_BYTES        (16u << 20) /* the same, if it is more than one */
#define LIMIT_BATCH_VIEWS        8u          /* made for one transaction */
#define LIMIT_LOG_PAGES          16384u /* of 4 KiB, not yet in the database */
#define LIMIT_KEPT_SNAPSHOTS     1024u  /* for the next pages of lists */
#define LIMIT_KEPT_SECONDS       600    /* after one was last asked for */
#define LIMIT_KEPT_BYTES         (256u << 20) /* beside the newest state */
#define LIMIT_KEPT_VIEWS         4u           /* beside the newest */
#define LIMIT_RECALLS            64u   /* waiting for the past to be read */
#define LIMIT_CALLER_RECALLS     4u    /* of one caller */
#define LIMIT_PAST_SNAPSHOTS     8u    /* kept for questions of the past */
#define LIMIT_DATABASE_BUSY_MS   10000 /* waited for a reader of the journal */
#define LIMIT_TOKEN_BYTES        (16u << 10) /* a JWT, an assertion */
#define LIMIT_CERTIFICATE_BYTES  (64u << 10) /* a certificate, DER or PEM */
#define LIMIT_KEY_FILE_BYTES     (64u << 10) /* a file of keys */
#define LIMIT_PASSPHRASE_BYTES   1024u
#define LIMIT_SECURE_HEAP_BYTES  (4u << 20) /* a power of two */
#define LIMIT_VALUE_KEYS         (1u << 28) /* of values of secrets, in force */
#define LIMIT_AUDIT_LINE_BYTES   (16u << 10) /* of the audit log */
#define LIMIT_AUDIT_FIELD_BYTES  1024u       /* before escaping; cut there */
#define LIMIT_AUDIT_SAME         10u /* denials of a kind in a minute, in full */
#define LIMIT_AUDIT_SOURCE       100u         /* of one source */
#define LIMIT_AUDIT_ANONYMOUS    (128u << 10) /* bytes, of who proved nothing */
#define LIMIT_AUDIT_REPEATS      512u /* kinds, and sources, that are counted */
#define LIMIT_HEADER_BYTES       (32u << 10) /* request line and headers */
#define LIMIT_BODY_BYTES         (4u << 20)  /* body of a request */
#define LIMIT_CONNECTIONS        1024u       /* of clients, at a time */
#define LIMIT_TUNNELS            256u        /* CONNECT, at a time */
#define LIMIT_IDLE_SECONDS       60u    /* a connection without a request */
#define LIMIT_SECRET_VALUE_BYTES 25600u /* 25 KB (facts 2.2) */
#define LIMIT_HOST_NAMES         32u    /* of the server, beside localhost */
#define LIMIT_SIGNING_KEYS       16u    /* that a platform holds at a time */
#define LIMIT_VERIFIED_TOKENS    4096u  /* remembered as good */
#define LIMIT_BACKUP_BYTES       (1u << 20) /* a secret's versions, in one backup */
#define LIMIT_REMEMBERED_DENIALS 4096u      /* kept to be explained */
#define LIMIT_REMEMBERED_BYTES   4096u      /* one text of a denial */
#define LIMIT_PAGE_ITEMS         1000u      /* of a list, in one answer */
#define LIMIT_FOLDER_FILES       100000u /* files of a JSON folder */
#define LIMIT_FOLDER_DEPTH       64u     /* folders inside folders */

/* The server's and the tunnel's, beside those above. */
#define LIMIT_TARGET_BYTES        (16u << 10)  /* path and query of a request */
#define LIMIT_HEADERS             128u         /* of a request */
#define LIMIT_DISCARD_BYTES       (16u << 20)  /* read of a body too large */
#define LIMIT_BODIES_BYTES        (256u << 20) /* all that are on their way */
#define LIMIT_ADDRESS_CONNECTIONS 128u         /* of one other host */
#define LIMIT_ADDRESS_TUNNELS     64u          /* of one other host */
#define LIMIT_PRESSED_SECONDS     15u /* without a request, when 3/4 are taken */
#define LIMIT_REQUEST_SECONDS     60u  /* from a request's first byte to last */
#define LIMIT_ANSWER_SECONDS      300u /* for a client to take an answer */

/* The token service's. */
#define LIMIT_JOBS          256u       /* waiting for the worker */
#define LIMIT_LANE_JOBS     64u        /* of them for one issuer */
#define LIMIT_HANDS         4u         /* issuers that are asked at a time */
#define LIMIT_GUESSES       60u        /* refused tokens a minute, each told */
#define LIMIT_GUESSERS      4096u      /* whose refusals are counted */
#define LIMIT_REPLAYS       16384u     /* assertions remembered */
#define LIMIT_USES          65536u     /* credentials used in a minute */
#define LIMIT_ISSUERS       64u        /* external ones */
#define LIMIT_ISSUER_KEYS   64u        /* of one of them */
#define LIMIT_KEY_SET_BYTES (1u << 20) /* its key set; issuers.json */
#define LIMIT_SESSIONS      1024u      /* identities lent to commands */

#endif
