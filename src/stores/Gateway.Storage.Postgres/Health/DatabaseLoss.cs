using System.Net.Sockets;
using Gateway.Storage.Postgres.Connections;
using Npgsql;

namespace Gateway.Storage.Postgres.Health;

/// <summary>Describes in one sentence, without a password, why the database cannot be reached.</summary>
internal static class DatabaseLoss
{
    /// <summary>Returns the reason, for the agent, the audit record and the log.</summary>
    public static string Describe(PostgresAddress address, Exception exception) => exception switch
    {
        PostgresStoreException => exception.Message,
        PostgresException refused => $"{address} refuses: {refused.MessageText} ({refused.SqlState}).",
        { InnerException: SocketException socket } => $"{address} cannot be reached: {socket.Message}.",
        { InnerException: TimeoutException } or TimeoutException => $"{address} does not respond in time.",
        NpgsqlException => $"{address} cannot be reached: {exception.Message.TrimEnd('.')}.",
        _ => $"{address} cannot be reached ({exception.GetType().Name}).",
    };
}
