using System.Buffers.Text;
using System.Globalization;
using Gateway.Control.Documents;
using Gateway.Control.Secrets;

namespace Gateway.Approvals.Telling;

/// <summary>
/// Links in messages: sealed, so that nobody makes one up, and good until the request ends or is answered, which is how
/// a link is used but once. Whoever has one may deny; to approve one signs in.
/// </summary>
public sealed class ApprovalLinks(SecretProtector secrets)
{
    /// <summary>What a link's path begins with, below the operator's address.</summary>
    public const string Path = "/approvals/links/";

    /// <summary>Characters of a link's last part.</summary>
    public const int TokenLengthMax = 1024;

    private const string Purpose = "approval-link";
    private const char Between = '\n';
    private const string SealedPrefix = "sealed:";

    /// <summary>The last part of a link.</summary>
    /// <exception cref="ControlStoreException">The key cannot be stored.</exception>
    public async ValueTask<string> MakeAsync(ApprovalLink link, CancellationToken cancellationToken)
    {
        var text = string.Join(
            Between, Purpose, link.ApprovalId, link.Channel,
            link.ExpiresMs.ToString(CultureInfo.InvariantCulture));
        var made = await secrets.SealAsync(text, cancellationToken);
        return Base64Url.EncodeToString(Convert.FromBase64String(made[SealedPrefix.Length..]));
    }

    /// <summary>What a link stands for; null where it was not made here, or is over.</summary>
    /// <param name="token">The last part of it.</param>
    /// <param name="documents">The store's, with the keys.</param>
    /// <param name="nowMs">Unix milliseconds.</param>
    public ApprovalLink? Open(string token, ControlSnapshot documents, long nowMs)
    {
        if (token.Length > TokenLengthMax || !Base64Url.IsValid(token))
            return null;
        var made = SealedPrefix + Convert.ToBase64String(Base64Url.DecodeFromChars(token));
        if (!secrets.TryOpen(made, out var text))
        {
            // Another frontend may have sealed it with a key that it has just made.
            secrets.Update(documents);
            if (!secrets.TryOpen(made, out text))
                return null;
        }

        // What was sealed for another purpose begins otherwise.
        return text.Split(Between) is [Purpose, var id, var channel, var expires]
            && long.TryParse(expires, NumberStyles.None, CultureInfo.InvariantCulture, out var expiresMs)
            && nowMs < expiresMs
                ? new ApprovalLink(id, channel, expiresMs)
                : null;
    }
}
