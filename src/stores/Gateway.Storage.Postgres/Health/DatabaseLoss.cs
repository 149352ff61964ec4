using System.Net.Sockets;
using Gateway.Storage.Postgres.Connections;
using Npgsql;

namespace Gateway.Storage.Postgres.Health;

/// <summary>Says in one sentence why the database cannot be reached; never with a password.</summary>
internal static class DatabaseLoss
{
    /// <summary>The reason, for the agent, the audit record and the log.</summary>
    public static string Describe(PostgresAddress address, Exception exception) => exception switch
    {
        PostgresStoreException => exception.Message,
        PostgresException refused => $"{address} refuses: {refused.MessageText} ({refused.SqlState}).",
        { InnerException: SocketException socket } => $"{address} cannot be reached: {socket.Message}.",
        { InnerException: TimeoutException } or TimeoutException => $"{address} does not answer in time.",
        NpgsqlException => $"{address} cannot be reached: {exception.Message.TrimEnd('.')}.",
        _ => $"{address} cannot be reached ({exception.GetType().Name}).",
    };
}
