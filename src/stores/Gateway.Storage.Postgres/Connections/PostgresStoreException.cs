namespace Gateway.Storage.Postgres.Connections;

/// <summary>
/// Reports a database that cannot serve as a store: a wrong address, a replica, a schema of a newer program, and so on.
/// The message describes the remedy and never contains a password.
/// </summary>
public sealed class PostgresStoreException : Exception
{
    /// <summary>Creates the exception with a message that describes the problem and the remedy.</summary>
    public PostgresStoreException(string message) : base(message)
    {
    }

    /// <summary>
    /// Creates the exception with a message that describes the problem and the remedy, and its cause.
    /// </summary>
    public PostgresStoreException(string message, Exception? innerException) : base(message, innerException)
    {
    }
}
