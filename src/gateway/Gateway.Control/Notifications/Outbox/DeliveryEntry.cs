namespace Gateway.Control.Notifications.Outbox;

/// <summary>A delivery with its place in the control store.</summary>
/// <param name="Name">Its document's name, <c>NOTIFICATION/CHANNEL</c>.</param>
/// <param name="Version">The version that a change has to expect; 0 if the document does not exist yet.</param>
/// <param name="Delivery">The content of the document.</param>
public sealed record DeliveryEntry(string Name, long Version, Delivery Delivery);
