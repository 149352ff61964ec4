namespace Gateway.Storage.Postgres.Connections;

/// <summary>Refuses a database that went back in time, until the process restarts.</summary>
public sealed class DatabaseGuard
{
    private readonly Lock _lock = new();
    private DatabaseIdentity? _last;
    private ulong _acknowledged;
    private string? _reason;

    /// <summary>
    /// True if there are synchronous replicas. A write with an unknown outcome may then be visible and still be lost.
    /// </summary>
    public bool HasSynchronousReplicas
    {
        get
        {
            lock (_lock) return _last?.HasSynchronousReplicas ?? false;
        }
    }

    /// <summary>The newest confirmed transaction; read it before querying an identity.</summary>
    public ulong Acknowledged
    {
        get
        {
            lock (_lock) return _acknowledged;
        }
    }

    /// <summary>Records that a write was confirmed.</summary>
    public void Acknowledge(ulong transaction)
    {
        lock (_lock) _acknowledged = Math.Max(_acknowledged, transaction);
    }

    /// <summary>Compares an identity with what was known before it was queried.</summary>
    /// <exception cref="PostgresStoreException">The database went back in time.</exception>
    public void Admit(DatabaseIdentity identity, ulong acknowledgedBefore)
    {
        lock (_lock)
        {
            _reason ??= _last is null ? null : identity.GoneBackSince(_last, acknowledgedBefore);
            if (_reason is not null)
                throw new PostgresStoreException(
                    $"The PostgreSQL store went back to an earlier state ({_reason}): numbers that were issued after "
                    + "that state could be issued again. Reset the counters whose windows are running, then restart "
                    + "the gateways.");

            _last = identity;
        }
    }
}
