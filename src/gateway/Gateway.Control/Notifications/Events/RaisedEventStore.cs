using System.Text.Json;
using Gateway.Control.Documents;

namespace Gateway.Control.Notifications.Events;

/// <summary>The events in the control store. Each is written once, so that one frontend of a fleet raises it.</summary>
public sealed class RaisedEventStore(IControlStore store, DocumentCache documents)
{
    /// <summary>Returns every readable event, with its id and version.</summary>
    public static IEnumerable<(string Id, long Version, RaisedEvent Event)> All(ControlSnapshot documents)
    {
        foreach (var document in documents.OfKind(ControlKinds.Events))
        {
            if (document.ReadOrNull(RaisedEventJson.Default.RaisedEvent) is { } read)
                yield return (document.Key.Name, document.Version, read);
        }
    }

    /// <summary>Reads the store's documents.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public ValueTask<ControlSnapshot> ReadAsync(CancellationToken cancellationToken) =>
        documents.ReadAsync(cancellationToken);

    /// <returns>False if the event exists already.</returns>
    /// <exception cref="ControlStoreException">The store cannot be reached; it may have been written.</exception>
    public async ValueTask<bool> TryAddAsync(string id, RaisedEvent raised, CancellationToken cancellationToken)
    {
        var content = JsonSerializer.SerializeToUtf8Bytes(raised, RaisedEventJson.Default.RaisedEvent);
        return (await store.WriteAsync(Key(id), 0, content, cancellationToken)).IsWritten;
    }

    /// <summary>Deletes the event, unless another frontend has done so.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async ValueTask DeleteAsync(string id, long version, CancellationToken cancellationToken) =>
        await store.DeleteAsync(Key(id), version, cancellationToken);

    private static ControlKey Key(string id) => new(ControlKinds.Events, id);

}
