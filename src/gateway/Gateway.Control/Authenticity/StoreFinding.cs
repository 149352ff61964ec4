using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Gateway.Control.Documents;

namespace Gateway.Control.Authenticity;

/// <summary>A document of the store that is not in the state in which a gateway with the store key left it.</summary>
/// <param name="Key">The key of the document.</param>
/// <param name="Version">The document's version; 0 if it is missing.</param>
/// <param name="Problem">The problem, as a predicate that begins with "is" or "was".</param>
/// <param name="Content">The document's bytes; empty if it is missing.</param>
internal sealed record StoreFinding(ControlKey Key, long Version, string Problem, ReadOnlyMemory<byte> Content)
{
    private const int ListedMax = 200;

    public const string NotAuthentic = "is not authenticated by the store key";
    public const string Changed = "was changed by someone without the store key";
    public const string RolledBack = "was rolled back to an earlier version";
    public const string Deleted = "was deleted by someone without the store key";
    public const string NoIndex = "is missing: this store was never used with a store key, or the index was deleted";
    public const string BadIndex = "is not authenticated by the store key";
    public const string OldIndex = "was rolled back to an earlier version, perhaps together with the whole store";

    /// <summary>Returns a digest of exactly these findings, so that accepting it accepts nothing else.</summary>
    public static string Digest(IEnumerable<StoreFinding> findings)
    {
        var text = string.Join('\n', findings.Select(static one => string.Create(
            CultureInfo.InvariantCulture,
            $"{one.Key}\t{one.Version}\t{one.Problem}\t{Convert.ToHexStringLower(SHA256.HashData(one.Content.Span))}"))
            .Order(StringComparer.Ordinal));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16];
    }

    /// <summary>Returns the text for the operator when a start is refused or the store is no longer trusted.</summary>
    public static string Describe(IReadOnlyList<StoreFinding> findings)
    {
        var text = new StringBuilder("The control store cannot be trusted: ")
            .Append(findings.Count.ToString(CultureInfo.InvariantCulture))
            .Append(findings.Count == 1 ? " document differs" : " documents differ")
            .AppendLine(" from what gateways with the store key wrote.");
        foreach (var finding in findings.Take(ListedMax))
            text.Append("  ").AppendLine(finding.ToString());
        if (findings.Count > ListedMax)
            text.AppendLine(CultureInfo.InvariantCulture, $"  and {findings.Count - ListedMax} more");
        return text.Append("If these differences are expected (the first start with a store key, or a restored "
            + "backup), stop every ")
            .Append("gateway of this store and start one with --accept-store ").Append(Digest(findings))
            .Append(" --accept-reason \"WHY\". Otherwise restore the store from a backup.").ToString();
    }

    /// <inheritdoc/>
    public override string ToString() => Version == 0
        ? $"{Key} {Problem}"
        : string.Create(CultureInfo.InvariantCulture, $"{Key} (version {Version}) {Problem}");
}
