namespace Gateway.Storage.Postgres.Connections;

/// <summary>Refuses a database that went back in time, until a restart.</summary>
public sealed class DatabaseGuard
{
    private readonly Lock _lock = new();
    private DatabaseIdentity? _last;
    private ulong _acknowledged;
    private string? _reason;

    /// <summary>Where replicas are synchronous, a write whose end is unknown may be visible and yet lost.</summary>
    public bool HasSynchronousReplicas
    {
        get
        {
            lock (_lock) return _last?.HasSynchronousReplicas ?? false;
        }
    }

    /// <summary>The newest transaction that was confirmed; to be read before an identity is asked for.</summary>
    public ulong Acknowledged
    {
        get
        {
            lock (_lock) return _acknowledged;
        }
    }

    /// <summary>Notes that a write was confirmed.</summary>
    public void Acknowledge(ulong transaction)
    {
        lock (_lock) _acknowledged = Math.Max(_acknowledged, transaction);
    }

    /// <summary>Compares an identity with what was known when it was asked for.</summary>
    /// <exception cref="PostgresStoreException">The database went back in time.</exception>
    public void Admit(DatabaseIdentity identity, ulong acknowledgedBefore)
    {
        lock (_lock)
        {
            _reason ??= _last is null ? null : identity.GoneBackSince(_last, acknowledgedBefore);
            if (_reason is not null)
                throw new PostgresStoreException(
                    $"The PostgreSQL store went back in time ({_reason}): numbers handed out since could be handed out "
                    + "again. Reset the counters whose windows are running, then restart the gateways.");

            _last = identity;
        }
    }
}
