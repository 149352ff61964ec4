using System.Net.Sockets;
using Gateway.Storage.Postgres.Connections;
using Npgsql;

namespace Gateway.Storage.Postgres.Health;

/// <summary>Describes in one sentence, without a password, why the database cannot be reached.</summary>
internal static class DatabaseLoss
{
    /// <summary>Returns the reason with the database's address, for the operator.</summary>
    public static string Describe(PostgresAddress address, Exception exception) =>
        Describe(address.ToString(), exception);

    /// <summary>
    /// Returns the reason without an address. Agents, whose calls are refused, and callers of <c>/readyz</c> read it.
    /// </summary>
    public static string Describe(Exception exception) => Describe("The PostgreSQL store", exception);

    private static string Describe(string database, Exception exception) => exception switch
    {
        PostgresStoreException => exception.Message,
        PostgresException { SqlState: PostgresErrorCodes.InvalidPassword } refused =>
            $"{database} refuses: {refused.MessageText} ({refused.SqlState}). Check PGPASSWORD or ~/.pgpass.",
        PostgresException refused => $"{database} refuses: {refused.MessageText} ({refused.SqlState}).",
        { InnerException: SocketException socket } => $"{database} cannot be reached: {socket.Message}.",
        { InnerException: TimeoutException } or TimeoutException => $"{database} does not respond in time.",
        NpgsqlException when exception.Message.StartsWith("No password", StringComparison.Ordinal) =>
            $"{database} requires a password. Set PGPASSWORD or add it to ~/.pgpass.",
        NpgsqlException { InnerException: null } => $"{database} cannot be reached: {exception.Message.TrimEnd('.')}.",
        _ => $"{database} cannot be reached ({(exception.InnerException ?? exception).GetType().Name}).",
    };
}
