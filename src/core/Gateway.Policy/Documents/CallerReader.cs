using Gateway.Policy.Json;
using Gateway.Policy.Problems;

namespace Gateway.Policy.Documents;

/// <summary>Reads a caller, whose members are those that the paths of <c>caller</c> name.</summary>
internal static class CallerReader
{
    /// <summary>Returns the caller; null, with a problem reported, if it is not valid.</summary>
    public static CallerDocument? Read(JsonNode node, string pointer, DocumentContext context)
    {
        if (MemberReader.Open(node, pointer, "a caller", context) is not { } members)
            return null;
        var headers = ReadHeaders(members);
        // A grant's own token identifies nobody, but the proxy that sends the request may add headers.
        if (headers is not null && node.Members.Length == 1)
            return new CallerDocument("", "") { Headers = headers };
        var issuer = ReadText(members, "issuer", "the name of an issuer of the configuration");
        var subject = ReadText(members, "subject", "the value that identifies the caller");
        var client = members.Text("client");
        var actor = members.Optional("act") is { } act
            && MemberReader.Open(act, members.PointerTo("act"), "\"act\"", context) is { } inner
            ? ReadActor(inner)
            : null;
        var claims = members.Optional("claims");
        if (claims is { Kind: not JsonKind.Object })
            members.WrongType(claims, "claims", "an object");
        members.RefuseOthers();
        return issuer is null || subject is null ? null : new CallerDocument(issuer, subject)
        {
            Client = client,
            Actor = actor,
            Claims = claims,
            Headers = headers,
        };
    }

    private static JsonNode? ReadHeaders(MemberReader members)
    {
        if (members.Optional("headers") is not { } headers)
            return null;
        if (headers.Kind != JsonKind.Object || headers.Members.Any(static one => one.Value.Kind != JsonKind.String))
            members.WrongType(headers, "headers", "an object of strings");
        else if (headers.Members.DistinctBy(static one => one.Name, StringComparer.OrdinalIgnoreCase).Count()
            < headers.Members.Length)
            members.Error(headers, members.PointerTo("headers"), "two headers have names that differ only in case: "
                + "remove one");
        return headers;
    }

    private static string? ReadActor(MemberReader members)
    {
        var subject = ReadText(members, "subject", "the value that identifies the acting party");
        members.RefuseOthers();
        return subject;
    }

    private static string? ReadText(MemberReader members, string name, string what)
    {
        if (members.Required(name, $"write {what}") is not { } node || members.AsText(node, name) is not { } text)
            return null;
        if (text.Length == 0)
            members.Error(node, members.PointerTo(name), $"\"{name}\" is empty: write {what}");
        return text;
    }
}

/// <summary>
/// The caller of a test or of an example call, as written. One with only headers has an empty issuer and subject.
/// </summary>
internal sealed record CallerDocument(string Issuer, string Subject)
{
    public string? Client { get; init; }

    /// <summary>The subject of <c>act</c>.</summary>
    public string? Actor { get; init; }

    /// <summary>An object of texts; null for a connection that is not of a trusted proxy.</summary>
    public JsonNode? Headers { get; init; }

    /// <summary>An object; null for a token without further claims.</summary>
    public JsonNode? Claims { get; init; }
}
