namespace Gateway.Storage.Postgres.Connections;

/// <summary>
/// The database cannot serve as a store: a wrong address, a replica, a schema from a newer program, … The message says
/// what to do and never holds a password.
/// </summary>
public sealed class PostgresStoreException : Exception
{
    /// <summary>Says what is wrong and what to do.</summary>
    public PostgresStoreException(string message) : base(message)
    {
    }

    /// <summary>Says what is wrong and what to do, and what the driver said.</summary>
    public PostgresStoreException(string message, Exception? innerException) : base(message, innerException)
    {
    }
}
