using System.Text.Json;
using Gateway.Control.Documents;

namespace Gateway.Control.Notifications.Outbox;

/// <summary>
/// The deliveries in the control store. Each change is a compare-and-swap, so that only one frontend makes a try.
/// </summary>
public sealed class DeliveryStore(IControlStore store)
{
    /// <summary>Returns every readable delivery.</summary>
    public static IEnumerable<DeliveryEntry> All(ControlSnapshot documents) =>
        documents.OfKind(ControlKinds.Deliveries).Select(Read).OfType<DeliveryEntry>();

    /// <summary>Returns the delivery of a notification to a channel; null if it was never tried.</summary>
    public static DeliveryEntry? Find(ControlSnapshot documents, string notification, string channel) =>
        documents.Find(new ControlKey(ControlKinds.Deliveries, NameOf(notification, channel))) is { } document
            ? Read(document)
            : null;

    /// <summary>Returns the name of a delivery's document.</summary>
    public static string NameOf(string notification, string channel) => $"{notification}/{channel}";

    /// <summary>Returns the store's revision as soon as it differs from this one, or after a while.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public ValueTask<long> WaitAsync(long revision, TimeSpan atMost, CancellationToken cancellationToken) =>
        store.WaitAsync(revision, atMost, cancellationToken);

    /// <returns>The entry after the change; null if another change came first.</returns>
    /// <exception cref="ControlStoreException">The store cannot be reached; it may have been written.</exception>
    public async ValueTask<DeliveryEntry?> WriteAsync(
        string name, long expectedVersion, Delivery delivery, CancellationToken cancellationToken)
    {
        var content = JsonSerializer.SerializeToUtf8Bytes(delivery, DeliveryJson.Default.Delivery);
        var written = await store.WriteAsync(
            new ControlKey(ControlKinds.Deliveries, name), expectedVersion, content, cancellationToken);
        return written.IsWritten ? new DeliveryEntry(name, written.Version, delivery) : null;
    }

    /// <summary>Deletes the entry, unless it has changed since it was read.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async ValueTask DeleteAsync(DeliveryEntry entry, CancellationToken cancellationToken) =>
        await store.DeleteAsync(
            new ControlKey(ControlKinds.Deliveries, entry.Name), entry.Version, cancellationToken);

    private static DeliveryEntry? Read(ControlDocument document) =>
        document.ReadOrNull(DeliveryJson.Default.Delivery) is { } delivery
            ? new DeliveryEntry(document.Key.Name, document.Version, delivery) : null;
}

/// <summary>A delivery with its place in the control store.</summary>
/// <param name="Name">Its document's name, <c>NOTIFICATION/CHANNEL</c>.</param>
/// <param name="Version">The version that a change has to expect; 0 if the document does not exist yet.</param>
/// <param name="Delivery">The content of the document.</param>
public sealed record DeliveryEntry(string Name, long Version, Delivery Delivery);
