using System.Security.Cryptography;
using System.Text.Json;
using Gateway.Control.Documents;
using Gateway.Control.Secrets;

namespace Gateway.Control.Notifications.Channels;

/// <summary>The channels in the control store, with their addresses and secrets sealed.</summary>
public sealed class ChannelStore(SecretProtector secrets)
{
    /// <summary>The prefix of a webhook's secret.</summary>
    public const string SecretPrefix = "whsec_";

    private const int SecretBytes = 32;

    /// <summary>Returns every readable channel, by name.</summary>
    public static IEnumerable<Channel> All(ControlSnapshot documents) =>
        documents.OfKind(ControlKinds.Channels).Select(Read).OfType<Channel>();

    /// <summary>Returns a channel; null if there is no readable one of that name.</summary>
    public static Channel? Find(ControlSnapshot documents, string name) =>
        documents.Find(new ControlKey(ControlKinds.Channels, name)) is { } document ? Read(document) : null;

    /// <summary>Serializes a channel.</summary>
    public static byte[] Write(ChannelDocument channel) =>
        JsonSerializer.SerializeToUtf8Bytes(channel, ChannelDocumentJson.Default.ChannelDocument);

    /// <summary>Creates a secret: <c>whsec_</c> and 32 random bytes in base64.</summary>
    public static string NewSecret() =>
        SecretPrefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(SecretBytes));

    /// <summary>Seals an address or a secret.</summary>
    /// <exception cref="ControlStoreException">The key cannot be stored.</exception>
    public ValueTask<string> SealAsync(string text, CancellationToken cancellationToken) =>
        secrets.SealAsync(text, cancellationToken);

    /// <summary>Opens a sealed text; null if its key is gone.</summary>
    public string? Open(string sealedText, ControlSnapshot documents) =>
        secrets.TryOpen(sealedText, documents, out var text) ? text : null;

    private static Channel? Read(ControlDocument document) =>
        document.ReadOrNull(ChannelDocumentJson.Default.ChannelDocument) is { } channel
            ? new Channel(document.Key.Name, document.Version, channel) : null;
}
