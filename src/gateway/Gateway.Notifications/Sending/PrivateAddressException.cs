using System.Net;

namespace Gateway.Notifications.Sending;

/// <summary>A channel's host stands for an address that is not of the open Internet.</summary>
internal sealed class PrivateAddressException(string host, IPAddress address) : IOException(
    $"{host} is {address}, which is not on the open Internet; add the channel with --allow-private if that is meant");
