using Gateway.Limits.Model;

namespace Gateway.Orleans.Storage;

/// <summary>A store whose records go when the counter leaves memory: nobody else would look for them again.</summary>
internal interface IRecordExpiry
{
    /// <summary>Deletes the record of this counter if its window ended long ago.</summary>
    Task ExpireAsync(CounterKey key, CancellationToken cancellationToken);
}
