namespace Gateway.Control.Notifications.Outbox;

/// <summary>A delivery with its place in the control store.</summary>
/// <param name="Name">Its document's name, <c>NOTIFICATION/CHANNEL</c>.</param>
/// <param name="Version">What a change has to expect; 0 where it is not yet there.</param>
/// <param name="Delivery">What it says.</param>
public sealed record DeliveryEntry(string Name, long Version, Delivery Delivery);
