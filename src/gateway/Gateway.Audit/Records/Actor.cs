using System.Text.Json;

namespace Gateway.Audit.Records;

/// <summary>The authenticated identity behind a change or a person's answer, with its address and client.</summary>
/// <param name="Name">An operator's name, <c>admin</c> for the administrator's key, or a channel's link.</param>
public sealed record Actor(string Name)
{
    /// <summary>Name that the client sent along with its credential. It is not verified.</summary>
    public string? ClaimedBy { get; init; }

    /// <summary>
    /// Name of the absent operator by whose right a delegate decided on a request for approval; null for an own right.
    /// </summary>
    public string? OnBehalfOf { get; init; }

    /// <summary>The client's address.</summary>
    public string? From { get; init; }

    /// <summary>The trusted proxy that connected; null if the client itself connected.</summary>
    public string? Via { get; init; }

    /// <summary>
    /// Proof of the identity: <c>admin-key</c>, <c>key</c>, <c>session</c>, <c>proxy</c>, <c>provider</c>,
    /// <c>slack</c> or <c>link</c>; null if it is not known.
    /// </summary>
    public string? Credential { get; init; }

    /// <summary>The key's name as OPERATOR/NAME, the session's id or the Slack member's id; never a secret.</summary>
    public string? CredentialId { get; init; }

    /// <summary>
    /// Origin of the request: <c>cli</c>, <c>console</c>, <c>api</c>, <c>mcp</c>, <c>sign-in</c> or <c>channel
    /// NAME</c>. The User-Agent distinguishes the CLI from other clients of the API.
    /// </summary>
    public string? Origin { get; init; }

    /// <summary>Writes <c>by</c> and the other properties as members of the current object.</summary>
    public void Write(Utf8JsonWriter json)
    {
        ArgumentNullException.ThrowIfNull(json);
        json.WriteString("by"u8, Name);
        WriteDetails(json);
    }

    /// <summary>Writes every member except <c>by</c>.</summary>
    internal void WriteDetails(Utf8JsonWriter json)
    {
        WriteKnown(json, "claimedBy"u8, ClaimedBy);
        WriteKnown(json, "onBehalfOf"u8, OnBehalfOf);
        WriteKnown(json, "from"u8, From);
        WriteKnown(json, "via"u8, Via);
        WriteKnown(json, "credential"u8, Credential);
        WriteKnown(json, "credentialId"u8, CredentialId);
        WriteKnown(json, "origin"u8, Origin);
    }

    private static void WriteKnown(Utf8JsonWriter json, ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null)
            json.WriteString(name, value);
    }
}
