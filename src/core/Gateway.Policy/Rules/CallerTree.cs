using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Gateway.Policy.Conditions;
using Gateway.Policy.Decisions;
using Gateway.Policy.Json;
using Gateway.Policy.Text;

namespace Gateway.Policy.Rules;

/// <summary>
/// The caller as the object that paths read: <c>{ issuer, subject, client, act, claims, headers }</c>.
/// </summary>
internal static class CallerTree
{
    /// <summary>The reason for denying a call whose claims cannot be read.</summary>
    public const string Unreadable =
        "The claims of the caller's token cannot be read, so a rule about the caller cannot be evaluated";

    private static readonly JsonNode Nobody = JsonNode.OfObject(0, []);

    // One verified token makes many calls. An entry lives as long as its caller.
    private static readonly ConditionalWeakTable<Caller, JsonNode> Known = [];

    /// <summary>Returns the object, without members if there is no caller; null if the claims cannot be read.</summary>
    public static JsonNode? Of(Caller? caller)
    {
        if (caller is null)
            return Nobody;
        if (Known.TryGetValue(caller, out var known))
            return known;
        if (Read(caller) is not { } read)
            return null;
        // Two threads may both read it; the results are equal, and either may stay.
        Known.AddOrUpdate(caller, read);
        return read;
    }

    /// <summary>Returns the same, with the headers that policies can read; null if the claims cannot be read.</summary>
    public static JsonNode? Of(Caller? caller, IEnumerable<KeyValuePair<string, string>>? headers)
    {
        var known = Of(caller);
        if (headers is null || known is null)
            return known;
        var readable = headers.Where(static header => !CallerPaths.IsSecret(header.Key))
            .Select(static header => new JsonMember(header.Key.ToLowerInvariant(), 0, Text(header.Value)));
        return JsonNode.OfObject(
            0, [.. known.Members, new JsonMember(CallerPaths.Headers, 0, JsonNode.OfObject(0, [.. readable]))]);
    }

    private static JsonNode? Read(Caller caller)
    {
        var members = ImmutableArray.CreateBuilder<JsonMember>(5);
        Add("issuer", caller.Issuer);
        Add("subject", caller.Subject);
        Add("client", caller.Client);
        if (caller.Actor is { } actor)
            members.Add(new JsonMember("act", 0, JsonNode.OfObject(0, [new JsonMember("subject", 0, Text(actor))])));
        if (!caller.Claims.IsEmpty)
        {
            if (JsonTreeReader.Read(
                caller.Claims.Span, PolicyBounds.ArgumentsDepthMax, duplicates: null, out _)
                is not { Kind: JsonKind.Object } claims)
            {
                return null;
            }

            members.Add(new JsonMember(CallerPaths.Claims, 0, claims));
        }

        return JsonNode.OfObject(0, members.ToImmutable());

        void Add(string name, string? text)
        {
            if (text is not null)
                members.Add(new JsonMember(name, 0, Text(text)));
        }
    }

    private static JsonNode Text(string text) => JsonNode.OfText(JsonKind.String, 0, text);
}
