using System.Globalization;
using Gateway.Control.Documents;

namespace Gateway.Proxy.Approvals.Notices;

/// <summary>
/// The links in messages. They are sealed, so that nobody can forge one, and valid until the request expires or is
/// decided, so that a link is used only once. Anyone with a link may deny; to approve, a person must sign in.
/// </summary>
public sealed class ApprovalLinks(SealedTokens tokens)
{
    /// <summary>The prefix of a link's path, below the operator's address.</summary>
    public const string Path = "/approvals/links/";

    private const string Purpose = "approval-link";

    /// <summary>Returns the last part of a link.</summary>
    /// <exception cref="ControlStoreException">The key cannot be stored.</exception>
    public ValueTask<string> MakeAsync(ApprovalLink link, CancellationToken cancellationToken) => tokens.MakeAsync(
        Purpose, [link.ApprovalId, link.Channel, link.ExpiresMs.ToString(CultureInfo.InvariantCulture)],
        cancellationToken);

    /// <summary>Returns the content of a link, or null if it was not made here or has expired.</summary>
    /// <param name="token">The last part of the link.</param>
    /// <param name="documents">The documents of the store, with the keys.</param>
    /// <param name="nowMs">The current time in Unix milliseconds.</param>
    public ApprovalLink? Open(string token, ControlSnapshot documents, long nowMs) =>
        tokens.Open(Purpose, token, documents) is [var id, var channel, var expires]
        && long.TryParse(expires, NumberStyles.None, CultureInfo.InvariantCulture, out var expiresMs)
        && nowMs < expiresMs
            ? new ApprovalLink(id, channel, expiresMs)
            : null;
}

/// <summary>The content of a link in a message.</summary>
/// <param name="ApprovalId">The id of the request.</param>
/// <param name="Channel">The channel that received the message.</param>
/// <param name="ExpiresMs">The time of its expiry, in Unix milliseconds.</param>
public readonly record struct ApprovalLink(string ApprovalId, string Channel, long ExpiresMs);
