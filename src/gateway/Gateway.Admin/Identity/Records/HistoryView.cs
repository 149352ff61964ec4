using System.Text.Json;

namespace Gateway.Admin.Identity.Records;

/// <summary>A change that was made.</summary>
/// <param name="ChangeId">As the audit record names it.</param>
/// <param name="Time">When.</param>
/// <param name="By">Who: an operator, or <c>admin</c> for the administrator's key.</param>
/// <param name="From">The address that it came from.</param>
/// <param name="Action">What they did, in a word.</param>
/// <param name="Object">What it was done to.</param>
/// <param name="Version">The version that it made; of a deletion, the deletion's.</param>
/// <param name="Before">What was; a text where it is too long to keep here.</param>
/// <param name="After">What is since then.</param>
/// <param name="Reason">Why, where that was said.</param>
public sealed record HistoryView(
    string ChangeId,
    DateTimeOffset Time,
    string By,
    string From,
    string Action,
    string Object,
    long Version,
    JsonElement? Before,
    JsonElement? After,
    string? Reason = null)
{
    /// <summary>How the identity was proven, as in the audit record; null where a previous release wrote it.</summary>
    public string? Credential { get; init; }

    /// <summary>The key's name as OPERATOR/NAME, or the session's id.</summary>
    public string? CredentialId { get; init; }

    /// <summary><c>cli</c>, <c>console</c>, <c>api</c>, <c>sign-in</c> or <c>file</c>.</summary>
    public string? Origin { get; init; }

    /// <summary>The frontend where it was made; null if it was made for all frontends of the store.</summary>
    public string? Frontend { get; init; }

    /// <summary>Each change in words, of a configuration file.</summary>
    public IReadOnlyList<string>? Changes { get; init; }

    /// <summary>The objects that changed with it, as <c>policies/NAME</c>.</summary>
    public IReadOnlyList<string>? Objects { get; init; }

    /// <summary>The versions of policies that a change of several objects made, by object.</summary>
    public IReadOnlyDictionary<string, long>? Versions { get; init; }
}
