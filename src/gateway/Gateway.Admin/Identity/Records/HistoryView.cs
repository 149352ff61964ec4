using System.Text.Json;

namespace Gateway.Admin.Identity.Records;

/// <summary>A completed change.</summary>
/// <param name="ChangeId">The id in the audit record.</param>
/// <param name="Time">The time of the change.</param>
/// <param name="By">The actor: an operator, or <c>admin</c> for the administrator's key.</param>
/// <param name="From">The address of the request.</param>
/// <param name="Action">The action, in one word.</param>
/// <param name="Object">The changed object.</param>
/// <param name="Version">The version that the change made; for a deletion, that of the deletion.</param>
/// <param name="Before">The previous state; a text if it is too long to be kept here.</param>
/// <param name="After">The new state.</param>
/// <param name="Reason">The reason, if one was given.</param>
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
    /// <summary>The kind of credential, as in the audit record; null if a previous release wrote it.</summary>
    public string? Credential { get; init; }

    /// <summary>The key's name as OPERATOR/NAME, or the session's id.</summary>
    public string? CredentialId { get; init; }

    /// <summary><c>cli</c>, <c>console</c>, <c>api</c>, <c>sign-in</c> or <c>file</c>.</summary>
    public string? Origin { get; init; }

    /// <summary>The frontend where it was made; null if it was made for all frontends of the store.</summary>
    public string? Frontend { get; init; }

    /// <summary>A description of each change, for a configuration file.</summary>
    public IReadOnlyList<string>? Changes { get; init; }

    /// <summary>The objects that changed with it, as <c>policies/NAME</c>.</summary>
    public IReadOnlyList<string>? Objects { get; init; }

    /// <summary>
    /// The subject or the tool of a pause, whose object has a digest; only in responses, and absent for other changes.
    /// </summary>
    public string? About { get; init; }

    /// <summary>The versions of policies that a change of several objects made, by object.</summary>
    public IReadOnlyDictionary<string, long>? Versions { get; init; }
}
