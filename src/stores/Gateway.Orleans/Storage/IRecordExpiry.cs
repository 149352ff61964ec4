using Gateway.Limits.Model;

namespace Gateway.Orleans.Storage;

/// <summary>
/// A store whose records are deleted when the counter leaves memory, because nothing else would look for them.
/// </summary>
internal interface IRecordExpiry
{
    /// <summary>Deletes the record of this counter if its window ended long ago.</summary>
    Task ExpireAsync(CounterKey key, CancellationToken cancellationToken);
}
