// The functions that are called here are ours: each hands over to libpq's of the same name, which is loaded when the
// first is called. Loading it takes longer than most commands that never need it.
#if __has_include(<postgresql/libpq-fe.h>)
#include <postgresql/libpq-fe.h>
#else
#include <libpq-fe.h>
#endif

#include "../../Forwarding/prefix.h"

// Those that are called: result, name, parameters, arguments. Their symbols are called kv_…, for a program that links the library itself.
#define KV_POSTGRES_FUNCTIONS(X)                                                                                                   \
  X(PGconn *, PQconnectdb, (const char *conninfo), (conninfo))                                                         \
  X(PGconn *, PQconnectdbParams, (const char *const *keywords, const char *const *values, int expand),                 \
    (keywords, values, expand))                                                                                        \
  X(void, PQfinish, (PGconn * conn), (conn))                                                                           \
  X(PQconninfoOption *, PQconninfoParse, (const char *conninfo, char **message), (conninfo, message))                  \
  X(void, PQconninfoFree, (PQconninfoOption * options), (options))                                                     \
  X(ConnStatusType, PQstatus, (const PGconn *conn), (conn))                                                            \
  X(char *, PQerrorMessage, (const PGconn *conn), (conn))                                                              \
  X(int, PQsocket, (const PGconn *conn), (conn))                                                                       \
  X(PQnoticeProcessor, PQsetNoticeProcessor, (PGconn * conn, PQnoticeProcessor processor, void *context),              \
    (conn, processor, context))                                                                                        \
  X(PGcancel *, PQgetCancel, (PGconn * conn), (conn))                                                                  \
  X(void, PQfreeCancel, (PGcancel * cancel), (cancel))                                                                 \
  X(int, PQcancel, (PGcancel * cancel, char *message, int size), (cancel, message, size))                              \
  X(PGresult *, PQexec, (PGconn * conn, const char *query), (conn, query))                                             \
  X(int, PQenterPipelineMode, (PGconn * conn), (conn))                                                                 \
  X(int, PQexitPipelineMode, (PGconn * conn), (conn))                                                                  \
  X(int, PQpipelineSync, (PGconn * conn), (conn))                                                                      \
  X(int, PQsendPrepare, (PGconn * conn, const char *name, const char *query, int count, const Oid *types),             \
    (conn, name, query, count, types))                                                                                 \
  X(int, PQsendQueryPrepared,                                                                                          \
    (PGconn * conn, const char *name, int count, const char *const *values, const int *lengths, const int *formats,    \
     int result),                                                                                                      \
    (conn, name, count, values, lengths, formats, result))                                                             \
  X(int, PQsendQueryParams,                                                                                            \
    (PGconn * conn, const char *query, int count, const Oid *types, const char *const *values, const int *lengths,     \
     const int *formats, int result),                                                                                  \
    (conn, query, count, types, values, lengths, formats, result))                                                     \
  X(int, PQbackendPID, (const PGconn *conn), (conn))                                                                   \
  X(PGresult *, PQgetResult, (PGconn * conn), (conn))                                                                  \
  X(int, PQconsumeInput, (PGconn * conn), (conn))                                                                      \
  X(PGnotify *, PQnotifies, (PGconn * conn), (conn))                                                                   \
  X(int, PQputCopyData, (PGconn * conn, const char *bytes, int count), (conn, bytes, count))                           \
  X(int, PQputCopyEnd, (PGconn * conn, const char *message), (conn, message))                                          \
  X(ExecStatusType, PQresultStatus, (const PGresult *result), (result))                                                \
  X(char *, PQresultErrorMessage, (const PGresult *result), (result))                                                  \
  X(char *, PQresultErrorField, (const PGresult *result, int field), (result, field))                                  \
  X(int, PQntuples, (const PGresult *result), (result))                                                                \
  X(char *, PQcmdTuples, (PGresult * result), (result))                                                                \
  X(Oid, PQftype, (const PGresult *result, int column), (result, column))                                              \
  X(char *, PQgetvalue, (const PGresult *result, int row, int column), (result, row, column))                          \
  X(int, PQgetlength, (const PGresult *result, int row, int column), (result, row, column))                            \
  X(int, PQgetisnull, (const PGresult *result, int row, int column), (result, row, column))                            \
  X(void, PQclear, (PGresult * result), (result))                                                                      \
  X(void, PQfreemem, (void *memory), (memory))

KV_POSTGRES_FUNCTIONS(KV_PREFIXED)

/// Null, or why libpq cannot be loaded; then nothing else may be called.
const char *kv_libpq_missing(void);
