using System.Globalization;
using Gateway.Control.Documents;

namespace Gateway.Proxy.Approvals.Telling;

/// <summary>
/// Links in messages: sealed, so that nobody makes one up, and good until the request ends or is answered, which is how
/// a link is used but once. Whoever has one may deny; to approve one signs in.
/// </summary>
public sealed class ApprovalLinks(SealedTokens tokens)
{
    /// <summary>What a link's path begins with, below the operator's address.</summary>
    public const string Path = "/approvals/links/";

    private const string Purpose = "approval-link";

    /// <summary>The last part of a link.</summary>
    /// <exception cref="ControlStoreException">The key cannot be stored.</exception>
    public ValueTask<string> MakeAsync(ApprovalLink link, CancellationToken cancellationToken) => tokens.MakeAsync(
        Purpose, [link.ApprovalId, link.Channel, link.ExpiresMs.ToString(CultureInfo.InvariantCulture)],
        cancellationToken);

    /// <summary>What a link stands for; null where it was not made here, or is over.</summary>
    /// <param name="token">The last part of it.</param>
    /// <param name="documents">The store's, with the keys.</param>
    /// <param name="nowMs">Unix milliseconds.</param>
    public ApprovalLink? Open(string token, ControlSnapshot documents, long nowMs) =>
        tokens.Open(Purpose, token, documents) is [var id, var channel, var expires]
        && long.TryParse(expires, NumberStyles.None, CultureInfo.InvariantCulture, out var expiresMs)
        && nowMs < expiresMs
            ? new ApprovalLink(id, channel, expiresMs)
            : null;
}
